// The loops of kernel_product.cc, which includes them once for each instruction set; so there is no
// include guard.

template <typename T>
inline constexpr int kVectors = kTileTokens<T> / kKeyLanes<T>;

template <typename T, Destination kDestination>
RASPC_INLINE void Finish(const Lanes<T> (&sum)[kVectors<T>], T* out) {
#pragma GCC unroll 4
  for (int v = 0; v < kVectors<T>; ++v) {
    Lanes<T> result = sum[v];
    if constexpr (kDestination == Destination::kStoreRelu) {
      const Lanes<T> zero = {};
      result = Select(result < zero, zero, result);  // a NaN is not below zero, so it stays
    } else if constexpr (kDestination == Destination::kAdd) {
      result = Load(out + v * kKeyLanes<T>) + result;
    }
    Store(result, out + v * kKeyLanes<T>);
  }
}

template <typename T, Destination kDestination>
RASPC_INLINE void SparseProduct(const ProductArguments<T>& a) {
  const auto* entries = a.matrix.entries().data();
  for (const auto& column : a.matrix.columns()) {
    if (kDestination == Destination::kAdd && column.begin == column.end && column.bias == 0) {
      continue;
    }
    Lanes<T> sum[kVectors<T>];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors<T>; ++v) sum[v] = AllLanes(column.bias);
    for (std::int64_t e = column.begin; e < column.end; ++e) {
      const T* input = a.x + std::ptrdiff_t{entries[e].input} * kTileTokens<T>;
      const T weight = entries[e].weight;
#pragma GCC unroll 4
      for (int v = 0; v < kVectors<T>; ++v) {
        sum[v] = sum[v] + Load(input + v * kKeyLanes<T>) * weight;
      }
    }
    Finish<T, kDestination>(sum, a.y + column.output * a.y_stride);
  }
}

template <typename T, Destination kDestination>
RASPC_INLINE void PanelProduct(const ProductArguments<T>& a) {
  constexpr int kPanel = PackedLinear<T>::kPanel;
  const T* weights = a.matrix.panels().data();
  const auto& columns = a.matrix.columns();
  const int num_outputs = static_cast<int>(columns.size());
  for (int first = 0; first < num_outputs; first += kPanel) {
    const int num = std::min(kPanel, num_outputs - first);
    Lanes<T> sums[kPanel][kVectors<T>];
#pragma GCC unroll 8
    for (int j = 0; j < kPanel; ++j) {
      const T bias = j < num ? columns[static_cast<std::size_t>(first + j)].bias : T{0};
#pragma GCC unroll 4
      for (int v = 0; v < kVectors<T>; ++v) sums[j][v] = AllLanes(bias);
    }
    for (int i = 0; i < a.matrix.num_inputs(); ++i, weights += kPanel) {
      const T* input = a.x + std::ptrdiff_t{i} * kTileTokens<T>;
#pragma GCC unroll 4
      for (int v = 0; v < kVectors<T>; ++v) {
        const Lanes<T> x = Load(input + v * kKeyLanes<T>);
#pragma GCC unroll 8
        for (int j = 0; j < kPanel; ++j) sums[j][v] = sums[j][v] + x * weights[j];
      }
    }
#pragma GCC unroll 8
    for (int j = 0; j < kPanel; ++j) {
      if (j < num) Finish<T, kDestination>(sums[j], a.y + (first + j) * a.y_stride);
    }
  }
}

template <typename T, Destination kDestination>
RASPC_INLINE void ProductTo(const ProductArguments<T>& a) {
  if (a.matrix.panels().empty()) {
    SparseProduct<T, kDestination>(a);
  } else {
    PanelProduct<T, kDestination>(a);
  }
}

template <typename T>
void Product(const ProductArguments<T>& a) {
  switch (a.destination) {
    case Destination::kStore:
      return ProductTo<T, Destination::kStore>(a);
    case Destination::kStoreRelu:
      return ProductTo<T, Destination::kStoreRelu>(a);
    case Destination::kAdd:
      return ProductTo<T, Destination::kAdd>(a);
  }
}
