#include "compiler/lower/selectors/distances.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace raspc {
namespace {

// The error allowed in the penalty, at 0 and at 1, where at most one key is selected; the rest of
// kMaxSlack is for other terms.
constexpr double kDistanceTolerance = 0.35;

}  // namespace

// A number and its square. Both may inherit an error from their input: then the square is that of
// the number, except that lines between neighbouring squares replace the parabola.
struct Distances::Squared {
  LinearForm number, square;
  Bound of_number, of_square;
  double shift = 0;  // the error that both share
  double gap = 1;    // between neighbouring numbers: a line lies above the parabola by shift * gap
  // The additional error of each.
  double number_error = 0, square_error = 0;
};

// How far the computed penalty can be from 0 where it should be 0, and below 1 where it should be 1
// or more.
double Distances::ErrorOfDistance(const Squared& q, const Squared& k,
                                  const Arithmetic& arithmetic) {
  const double size =
      q.of_square.max_abs + k.of_square.max_abs + 2 * q.of_number.max_abs * k.of_number.max_abs;
  const bool is_exact = q.of_number.IsExact() && k.of_number.IsExact() && q.of_square.IsExact() &&
                        k.of_square.IsExact();
  // All products are ints, and so are their partial sums.
  if (is_exact && size <= std::ldexp(1.0, arithmetic.significand_bits)) return 0;
  // If both numbers share an error s, (d - s)^2 is at most s^2 for d = 0 and at least 1 - 2s for
  // |d| >= 1.
  const double above = q.shift * q.gap + k.shift * k.gap;
  const double shift = q.shift + k.shift;
  if (!(shift <= 0.25)) return std::numeric_limits<double>::infinity();  // the squares count too
  const double largest = std::max(q.of_number.max_abs, k.of_number.max_abs) + 1;
  const double given =
      q.square_error + k.square_error + 2 * largest * (q.number_error + k.number_error);
  const double rounding =
      1.01 * static_cast<double>(kMaxRoundedTerms) * arithmetic.unit_roundoff * (size + given);
  return 2 * shift + above + given + rounding;
}

// Of an s-op's code, an int for each of its values. Nothing where the penalty must be exact and the
// number is not: the square of such a number is large, and so in vain.
std::optional<Distances::Squared> Distances::SquaredCode(NodeId id, const Code& numbers,
                                                         Quality quality) {
  Code squares;
  for (const double number : numbers) squares.push_back(number * number);
  const bool is_looked_up = sops_.As<AggregateNode>(id) != nullptr && sops_.IsGather(id);
  if (!sops_.IsEmbedded(id) && !is_looked_up && quality == Quality::kApproximateSet) {
    return SquaredOnLines(id, numbers, squares);
  }
  Squared result;
  result.number = forms_.Real(id, numbers);
  if (quality == Quality::kZeroSet && !builder_.BoundOf(result.number).IsExact()) {
    return std::nullopt;
  }
  result.square = forms_.Real(id, squares);
  BoundSquared(numbers, squares, result);
  result.number_error = result.of_number.error;
  result.square_error = result.of_square.error;
  return result;
}

// Of a number whose square is not needed.
Distances::Squared Distances::NumberAlone(NodeId id, const Code& numbers) {
  Squared result;
  result.number = forms_.Real(id, numbers);
  BoundSquared(numbers, {}, result);
  result.shift = result.of_number.error;
  result.gap = 0;
  return result;
}

namespace {

// Points in ascending order with a number at each, and one more at either end, 1 further out: an
// error at the last point then stays on a line.
struct Line {
  std::vector<double> points, numbers;
  double gap = 0;  // the largest between neighbouring numbers

  std::vector<double> Squares() const {
    std::vector<double> squares;
    for (const double number : numbers) squares.push_back(number * number);
    return squares;
  }
};

Line LineThrough(const std::map<double, double>& number_at) {
  Line line;
  for (const auto& [point, number] : number_at) {
    line.points.push_back(point);
    line.numbers.push_back(number);
  }
  for (std::size_t i = 0; i + 1 < line.numbers.size(); ++i) {
    line.gap = std::max(line.gap, std::abs(line.numbers[i + 1] - line.numbers[i]));
  }
  const auto beyond = [](double end, double before, double part) {
    return end + (end - before) * part;
  };
  const auto extend = [&](std::size_t end, std::size_t before) {
    const double part = 1 / std::abs(line.numbers[end] - line.numbers[before]);
    return std::pair{beyond(line.points[end], line.points[before], part),
                     beyond(line.numbers[end], line.numbers[before], part)};
  };
  const std::size_t last = line.points.size() - 1;
  const auto [first_point, first_number] = extend(0, 1);
  const auto [last_point, last_number] = extend(last, last - 1);
  line.points.insert(line.points.begin(), first_point);
  line.numbers.insert(line.numbers.begin(), first_number);
  line.points.push_back(last_point);
  line.numbers.push_back(last_number);
  return line;
}

}  // namespace

// Number and square as lines between the same points: functions of the share if only that is
// available, else of the number itself. Requires two different numbers.
Distances::Squared Distances::SquaredOnLines(NodeId id, const Code& numbers, const Code& squares) {
  Squared result;
  const bool on_share = sops_.As<WidthNode>(id) != nullptr && forms_.HasShare(id);
  const LinearForm z = on_share ? forms_.Share(id) : forms_.Real(id, numbers);
  std::map<double, double> number_at;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double point = on_share ? 1 / (1 + NumberOf(sops_[id].values[i])) : numbers[i];
    number_at[point] = numbers[i];
  }
  const Line line = LineThrough(number_at);
  MlpSegment segment(builder_.blocks(), z, line.points);
  const auto number = segment.Interpolation(line.numbers);
  const auto square = segment.Interpolation(line.Squares());
  if (!number || !square) {
    sops_.FailImprecise(id, "has counts too large to distinguish");
  }
  if (on_share) {
    result.number = builder_.AddSegment(segment, *number, z, meanings_.FunctionOf(id, numbers));
    result.shift = number->bound.error - number->own_error;
    result.number_error = number->own_error;
  } else {
    result.number = z;
    result.shift = builder_.BoundOf(z).error;
  }
  result.square = builder_.AddSegment(segment, *square, z, meanings_.FunctionOf(id, squares));
  result.square_error = square->own_error;
  result.gap = line.gap;
  BoundSquared(numbers, squares, result);
  return result;
}

// The ideal values are those of the codes, which may be smaller than the forms' bounds.
void Distances::BoundSquared(const Code& numbers, const Code& squares, Squared& result) const {
  const auto largest = [](const Code& code) {
    double most = 0;
    for (const double value : code) most = std::max(most, std::abs(value));
    return most;
  };
  result.of_number = builder_.BoundOf(result.number);
  result.of_square = builder_.BoundOf(result.square);
  result.of_number.max_abs = largest(numbers);
  result.of_square.max_abs = largest(squares);
}

// The penalty (q - k)^2 of two codes, or, where each query is known to find a key, the same minus
// q^2; nothing if they are not precise enough.
std::optional<ScoreTerms> Distances::OfCodes(NodeId query, Code query_code, NodeId key,
                                             Code key_code, Quality quality, bool is_found) {
  // Counted from the middle, squares are smallest.
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Code* code : {&query_code, &key_code}) {
    low = std::min(low, *std::min_element(code->begin(), code->end()));
    high = std::max(high, *std::max_element(code->begin(), code->end()));
  }
  const double largest = (high - low + 1) / 2;
  if (!(4 * largest * largest <= std::ldexp(1.0, builder_.arithmetic().significand_bits))) {
    return std::nullopt;
  }
  const double middle = std::round((low + high) / 2);
  for (double& number : query_code) number -= middle;
  for (double& number : key_code) number -= middle;
  const std::optional<Squared> q =
      is_found ? NumberAlone(query, query_code) : SquaredCode(query, query_code, quality);
  if (!q) return std::nullopt;
  const auto k = SquaredCode(key, key_code, quality);
  if (!k) return std::nullopt;
  const double tolerance = quality == Quality::kApproximateSet ? kDistanceTolerance : 0;
  const double error = ErrorOfDistance(*q, *k, builder_.arithmetic());
  if (!(error <= tolerance)) return std::nullopt;
  ScoreTerms result{{{q->square, LinearForm::Constant(1)},
                     {Scaled(q->number, -2), k->number},
                     {LinearForm::Constant(1), k->square}},
                    error};
  if (is_found) result.terms.erase(result.terms.begin());
  result.takes_least = is_found;
  return result;
}

std::optional<ScoreTerms> Distances::OfInts(const Formula& clause, Quality quality) {
  if (!IsEquality(sops_, clause)) return std::nullopt;
  const auto& select = *sops_.As<SelectNode>(clause.select);
  if (!sops_.HasIntsOnly(select.keys) || !sops_.HasIntsOnly(select.queries)) return std::nullopt;
  return OfCodes(select.queries, sops_.NumberCode(select.queries), select.keys,
                 sops_.NumberCode(select.keys), quality);
}

// By value of the only s-op of a side, the code of its class; empty if there are several s-ops, or
// it is neither embedding-only nor gathered.
Code Distances::CodeOfClasses(const ClassedSide& side, const std::vector<int>& codes) const {
  if (side.nodes.size() != 1) return {};
  const NodeId id = side.nodes[0];
  if (!sops_.IsEmbedded(id) && !sops_.IsEmbeddedLookUp(id)) return {};
  const JointTable table = *sops_.Tabulate(side.nodes);
  Code code(sops_[id].values.size());
  for (std::size_t row = 0; row < side.class_of_row.size(); ++row) {
    const std::int32_t value = table.values[0][row];
    if (value < 0 || side.class_of_row[row] < 0) continue;
    code[static_cast<std::size_t>(value)] = codes[static_cast<std::size_t>(side.class_of_row[row])];
  }
  return code;
}

std::optional<ScoreTerms> Distances::OfMatching(const ClassedSide& queries, const ClassedSide& keys,
                                                const Matching& matching, Quality quality) {
  const Code query_code = CodeOfClasses(queries, matching.query_codes);
  const Code key_code = CodeOfClasses(keys, matching.key_codes);
  if (query_code.empty() || key_code.empty()) return std::nullopt;
  return OfCodes(queries.nodes[0], query_code, keys.nodes[0], key_code, quality);
}

}  // namespace raspc
