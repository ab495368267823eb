// What to insist on: fewer neurons first; where their errors add up to too much, exactness.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/lower/builder/mlp_segment.h"

namespace raspc {

struct PrecisionPlan {
  // The error allowed in a number that other segments build on, relative to the distance between
  // its values.
  double number_tolerance = 1.0 / 16;
  // What makes one segment better than another where both are precise enough.
  MlpSegment::Prefer prefer = MlpSegment::Prefer::kFewNeurons;
  // Into how many cells a round of a square cuts its range: fewer give smaller sums, and more
  // layers.
  int square_cells = 128;
  // The maximum number of values of a product that is laid out: with more, squares take fewer
  // neurons and are more precise.
  std::size_t laid_out_products = 1024;
  // Whether to give the output as a number within the tolerance for floats, even if its values are
  // listed.
  bool read_out_raw = false;

  // The error allowed in a number with these values: a fraction of the distance between them or,
  // where that is tiny, the size of a rounding error.
  double ToleranceOf(const std::vector<double>& values) const;
};

// The distance of the two closest numbers that are not equal; infinite if all are equal.
double SmallestDifference(std::vector<double> values);

}  // namespace raspc
