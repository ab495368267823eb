// Lays several features out on one number line, so that an MLP segment can compute any function of
// them.
//
// A coordinate is a number at each position: a linear form, or a column of the embedding tables. A
// line is a weighted sum of coordinates that separates points with different targets, such as
//
//     z = 20 * class(token) + count          // every class has its own interval of the line
//     z = opens - closes                     // for a comparison of the two
//     z = share - threshold(position)        // one step, at a threshold that each position brings
//
// The fewer changes of the target along z, the fewer neurons.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "compiler/lower/builder/blocks.h"

namespace raspc {

struct Coordinate {
  std::vector<double> of_row;                 // ideal value in each row; NaN if undefined there
  LinearForm form;                            // not embedding-only: how it is read
  bool is_free = false;                       // embedding-only: it comes from these columns instead
  std::vector<double> by_token, by_position;  // empty: 0
};

// z = sum of weight * coordinate.
struct NumberLine {
  std::vector<Coordinate> coordinates;
  std::vector<double> weights;
  std::vector<double> of_row;  // z in each row; NaN if undefined
  int num_changes = 0;         // neighbouring z with different targets
  double rounding = 0;         // error of z in a row
};

// The two closest of some numbers, and their distance; infinite if there are fewer than two.
struct ClosestPair {
  double low = 0, high = 0;
  double gap = std::numeric_limits<double>::infinity();
};
ClosestPair ClosestOf(std::vector<double> numbers);

// One target in place of several: rows have equal numbers exactly if all their targets are equal,
// and NaN where the first target is. NumberLines of either are the same.
std::vector<double> MergedTargets(const std::vector<std::vector<double>>& targets);

// z in mixed radix: the first coordinate varies slowest. Nothing if two rows with different targets
// have the same z. Targets are [target][row], NaN where undefined (any value will do there).
std::optional<NumberLine> RadixLine(const std::vector<Coordinate>& coordinates,
                                    const std::vector<std::vector<double>>& targets);

// For one coordinate and an embedding-only one with classes `class_of_row`: if within every class
// the targets change at most once along the coordinate, and all changes are alike, z = coordinate -
// threshold(class), with one change. The embedding-only coordinate's columns must be class numbers.
std::optional<NumberLine> ThresholdLine(const Coordinate& number, const Coordinate& classes,
                                        const std::vector<std::vector<double>>& targets);

// The points of a line in ascending order with their targets, without undefined rows.
struct LinePoints {
  std::vector<double> z;
  std::vector<std::vector<double>> targets;  // [target][point]
};
// Merges neighbouring points no further apart than `reach`, such as the results of one sum in two
// orders, if their targets differ only by rounding; the shifts are how far a point and a target
// were moved.
struct MergedPoints {
  LinePoints points;
  double z_shift = 0;
  double target_shift = 0;
};
MergedPoints MergeClose(const LinePoints& points, double reach);

// Nothing if two rows with the same z differ in a target.
std::optional<LinePoints> PointsOf(const std::vector<double>& z_of_row,
                                   const std::vector<std::vector<double>>& targets);

}  // namespace raspc
