// The loops of kernel_product.cc, which includes them once for each instruction set; so there is no
// include guard.

template <typename T>
inline constexpr int kVectors = kTileTokens<T> / kKeyLanes<T>;

template <typename T, Destination kDestination, int kNum>
RASPC_INLINE void Finish(const Lanes<T> (&sum)[kNum], T* out) {
#pragma GCC unroll 4
  for (int v = 0; v < kNum; ++v) {
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

// Vectors of tokens that pass through a panel together; narrow ones take more registers.
template <typename T>
inline constexpr int kPanelVectors = kParts == 1 ? kVectors<T> : 1;

// The columns [first, first + num) of a panel, for kPanelVectors vectors of tokens.
template <typename T, Destination kDestination>
RASPC_INLINE void PanelStep(const ProductArguments<T>& a, const T* weights, const T* x, int first,
                            int num, T* y) {
  constexpr int kPanel = PackedLinear<T>::kPanel;
  const auto* columns = a.matrix.columns().data() + first;
  Lanes<T> sums[kPanel][kPanelVectors<T>];
#pragma GCC unroll 8
  for (int j = 0; j < kPanel; ++j) {
#pragma GCC unroll 4
    for (int v = 0; v < kPanelVectors<T>; ++v) sums[j][v] = AllLanes(j < num ? columns[j].bias : 0);
  }
  for (int i = 0; i < a.matrix.num_inputs(); ++i, weights += kPanel, x += kTileTokens<T>) {
#pragma GCC unroll 4
    for (int v = 0; v < kPanelVectors<T>; ++v) {
      const Lanes<T> input = Load(x + v * kKeyLanes<T>);
#pragma GCC unroll 8
      for (int j = 0; j < kPanel; ++j) sums[j][v] = sums[j][v] + input * weights[j];
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < kPanel; ++j) {
    if (j < num) Finish<T, kDestination>(sums[j], y + j * a.y_stride);
  }
}

template <typename T, Destination kDestination>
RASPC_INLINE void PanelProduct(const ProductArguments<T>& a) {
  constexpr int kPanel = PackedLinear<T>::kPanel;
  const T* weights = a.matrix.panels().data();
  const int num_outputs = a.matrix.num_outputs();
  for (int first = 0; first < num_outputs; first += kPanel) {
    const int num = std::min(kPanel, num_outputs - first);
    for (int v = 0; v < kVectors<T>; v += kPanelVectors<T>) {
      const std::ptrdiff_t at = v * kKeyLanes<T>;
      PanelStep<T, kDestination>(a, weights, a.x + at, first, num, a.y + first * a.y_stride + at);
    }
    weights += std::ptrdiff_t{a.matrix.num_inputs()} * kPanel;
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
