// The loop of sparse_map.cc, which includes it once for each instruction set; so there is no
// include guard.

inline constexpr int kStepVectors = kPositionLanes / kKeyLanes<double>;

inline void OutputRow(const OutputRowArguments& a) {
  for (std::ptrdiff_t p = 0; p < a.num_positions; p += kPositionLanes) {
    Lanes<double> sum[kStepVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kStepVectors; ++v) sum[v] = AllLanes(a.bias);
    for (const SparseMap::Entry* entry = a.first; entry < a.last; ++entry) {
      const double* x = a.x.Row(entry->input) + p;
#pragma GCC unroll 4
      for (int v = 0; v < kStepVectors; ++v) {
        sum[v] = sum[v] + Load(x + v * kKeyLanes<double>) * entry->weight;
      }
    }
#pragma GCC unroll 4
    for (int v = 0; v < kStepVectors; ++v) {
      double* y = a.y + p + v * kKeyLanes<double>;
      if (a.use == SparseMap::Use::kAdd) sum[v] = Load(y) + sum[v];
      if (a.use == SparseMap::Use::kStoreRelu) {
        const Lanes<double> zero = {};
        sum[v] = Select(sum[v] < zero, zero, sum[v]);  // a NaN is not below zero, so it stays
      }
      Store(sum[v], y);
    }
  }
}
