// Equality between many values, with fewer score dimensions than there are values.
//
// For ints the squared distance is a penalty of three products,
//
//     (q - k)^2  =  q^2 * 1  -  2q * k  +  1 * k^2,
//
// 0 where q = k and at least 1 elsewhere. Values that cannot be numbered by ints are compared bit
// by bit.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "compiler/lower/lowering.h"

namespace raspc {
namespace {

// The error allowed in the penalty, at 0 and at 1, where at most one key is selected; the rest of
// kMaxSlack is for other terms.
constexpr double kDistanceTolerance = 0.35;

}  // namespace

bool Lowering::HasIntsOnly(const Domain& domain) {
  return domain.is_finite && !domain.values.empty() &&
         std::all_of(domain.values.begin(), domain.values.end(),
                     [](const Atom& value) { return TypeOf(value) == AtomType::kInt; });
}

// A number and its square. Both may inherit an error from their input: then the square is that of
// the number, except that lines between neighbouring squares replace the parabola.
struct Lowering::Squared {
  LinearForm number, square;
  Bound of_number, of_square;
  double shift = 0;  // the error that both share
  double gap = 1;    // between neighbouring numbers: a line lies above the parabola by shift * gap
  // The additional error of each.
  double number_error = 0, square_error = 0;
};

namespace {

// How far the computed penalty can be from 0 where it should be 0, and below 1 where it should be 1
// or more.
double ErrorOfDistance(const Lowering::Squared& q, const Lowering::Squared& k,
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

}  // namespace

// Of an s-op's code, an int for each of its values.
Lowering::Squared Lowering::SquaredCode(NodeId id, const Code& numbers, Quality quality) {
  Code squares;
  for (const double number : numbers) squares.push_back(number * number);
  const bool is_looked_up = std::holds_alternative<AggregateNode>(graph_[id].kind) && IsLookUp(id);
  if (!IsFree(id) && !is_looked_up && quality == Quality::kNearSet)
    return SquaredOnLines(id, numbers, squares);
  Squared result;
  result.number = Real(id, numbers);
  result.square = Real(id, squares);
  BoundSquared(numbers, squares, result);
  result.number_error = result.of_number.error;
  result.square_error = result.of_square.error;
  return result;
}

// Of a number whose square is not needed.
Lowering::Squared Lowering::NumberAlone(NodeId id, const Code& numbers) {
  Squared result;
  result.number = Real(id, numbers);
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
Lowering::Squared Lowering::SquaredOnLines(NodeId id, const Code& numbers, const Code& squares) {
  Squared result;
  const bool is_width = std::holds_alternative<WidthNode>(graph_[id].kind);
  const bool on_share = is_width && WidthParts(id).size() == 1;
  const LinearForm z = on_share ? ShareForm(WidthParts(id)[0].formula) : Real(id, numbers);
  std::map<double, double> number_at;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double point = on_share ? 1 / (1 + NumberOf(DomainOf(id).values[i])) : numbers[i];
    number_at[point] = numbers[i];
  }
  const Line line = LineThrough(number_at);
  MlpPiece piece(blocks_, z, line.points);
  const auto number = piece.Interpolation(line.numbers);
  const auto square = piece.Interpolation(line.Squares());
  if (!number || !square) FailImprecise(id, "counts to more than the arithmetic can tell apart");
  if (on_share) {
    result.number = AddPiece(piece, *number, z, FunctionOf(id, numbers));
    result.shift = number->bound.error - number->own_error;
    result.number_error = number->own_error;
  } else {
    result.number = z;
    result.shift = BoundOf(blocks_, z).error;
  }
  result.square = AddPiece(piece, *square, z, FunctionOf(id, squares));
  result.square_error = square->own_error;
  result.gap = line.gap;
  BoundSquared(numbers, squares, result);
  return result;
}

// The ideal values are those of the codes, which may be smaller than the forms' bounds.
void Lowering::BoundSquared(const Code& numbers, const Code& squares, Squared& result) const {
  const auto largest = [](const Code& code) {
    double most = 0;
    for (const double value : code) most = std::max(most, std::abs(value));
    return most;
  };
  result.of_number = BoundOf(blocks_, result.number);
  result.of_square = BoundOf(blocks_, result.square);
  result.of_number.max_abs = largest(numbers);
  result.of_square.max_abs = largest(squares);
}

// The penalty (q - k)^2 of two codes, or, where each query is known to find a key, the same minus
// q^2; nothing if they are not precise enough.
std::optional<Lowering::Penalties> Lowering::CodeDistance(NodeId query, Code query_code, NodeId key,
                                                          Code key_code, Quality quality,
                                                          bool is_found) {
  // Counted from the middle, squares are smallest.
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Code* code : {&query_code, &key_code}) {
    low = std::min(low, *std::min_element(code->begin(), code->end()));
    high = std::max(high, *std::max_element(code->begin(), code->end()));
  }
  const double largest = (high - low + 1) / 2;
  if (!(4 * largest * largest <= std::ldexp(1.0, blocks_.arithmetic.significand_bits))) {
    return std::nullopt;
  }
  const double middle = std::round((low + high) / 2);
  for (double& number : query_code) number -= middle;
  for (double& number : key_code) number -= middle;
  const Squared q =
      is_found ? NumberAlone(query, query_code) : SquaredCode(query, query_code, quality);
  const Squared k = SquaredCode(key, key_code, quality);
  const double tolerance = quality == Quality::kNearSet ? kDistanceTolerance : 0;
  const double error = ErrorOfDistance(q, k, blocks_.arithmetic);
  if (!(error <= tolerance)) return std::nullopt;
  Penalties result{{{q.square, LinearForm::Constant(1)},
                    {Scaled(q.number, -2), k.number},
                    {LinearForm::Constant(1), k.square}},
                   error};
  if (is_found) result.terms.erase(result.terms.begin());
  result.takes_least = is_found;
  return result;
}

// Whether a clause is a single comparison that selects equal values.
bool Lowering::IsEquality(const Formula& clause) const {
  if (clause.kind != Formula::Kind::kComparison) return false;
  const auto& select = std::get<SelectNode>(graph_[clause.select].kind);
  return select.op == (clause.negated ? Comparison::kNotEqual : Comparison::kEqual);
}

// The penalty of an equality of ints; nothing if the clause is not one, or the numbers are not
// precise enough.
std::optional<Lowering::Penalties> Lowering::DistanceTerms(const Formula& clause, Quality quality) {
  if (!IsEquality(clause)) return std::nullopt;
  const auto& select = std::get<SelectNode>(graph_[clause.select].kind);
  const Domain& keys = DomainOf(select.keys);
  const Domain& queries = DomainOf(select.queries);
  if (!HasIntsOnly(keys) || !HasIntsOnly(queries)) return std::nullopt;
  return CodeDistance(select.queries, NumberCode(select.queries), select.keys,
                      NumberCode(select.keys), quality);
}

// The penalty of a matching of classes, whose codes are equal where one selects the other; nothing
// if a side reads several s-ops, or one that is neither embedding-only nor gathered.
std::optional<Lowering::Penalties> Lowering::MatchingDistance(const ClassedSide& queries,
                                                              const ClassedSide& keys,
                                                              const Matching& matching,
                                                              Quality quality) {
  const auto code_of = [&](const ClassedSide& side, const std::vector<int>& codes) -> Code {
    if (side.nodes.size() != 1) return {};
    const NodeId id = side.nodes[0];
    if (!IsFree(id) && !IsFreeLookUp(id)) return {};
    const JointTable table = *Tabulate(graph_, domains_, side.nodes);
    Code code(DomainOf(id).values.size());
    for (std::size_t row = 0; row < side.class_of_row.size(); ++row) {
      const std::int32_t value = table.values[0][row];
      if (value < 0 || side.class_of_row[row] < 0) continue;
      code[static_cast<std::size_t>(value)] =
          codes[static_cast<std::size_t>(side.class_of_row[row])];
    }
    return code;
  };
  const Code query_code = code_of(queries, matching.query_codes);
  const Code key_code = code_of(keys, matching.key_codes);
  if (query_code.empty() || key_code.empty()) return std::nullopt;
  return CodeDistance(queries.nodes[0], query_code, keys.nodes[0], key_code, quality);
}

// Equality, class by class: codes that are equal for a query and a key class exactly if the query
// selects the key. Nothing if some row or column selects several.
std::optional<Lowering::Matching> Lowering::MatchingOf(
    const std::vector<std::vector<bool>>& matrix) {
  Matching matching;
  matching.query_codes.assign(matrix.size(), -1);
  matching.key_codes.assign(matrix[0].size(), -1);
  int next = 0;
  for (std::size_t q = 0; q < matrix.size(); ++q) {
    for (std::size_t k = 0; k < matrix[q].size(); ++k) {
      if (!matrix[q][k]) continue;
      if (matching.query_codes[q] >= 0 || matching.key_codes[k] >= 0) return std::nullopt;
      matching.query_codes[q] = matching.key_codes[k] = next++;
    }
  }
  // Classes without a partner; merging has left at most one on each side.
  for (std::vector<int>* codes : {&matching.query_codes, &matching.key_codes}) {
    for (int& code : *codes) {
      if (code < 0) code = next++;
    }
  }
  while ((1 << matching.num_bits) < next) ++matching.num_bits;
  return matching;
}

// For classes numbered from 0 by the value they share, and one more on either side.
Lowering::Matching Lowering::MatchingOfShared(int num_shared) {
  Matching matching;
  for (std::vector<int>* codes : {&matching.query_codes, &matching.key_codes}) {
    codes->resize(static_cast<std::size_t>(num_shared) + 1);
    std::iota(codes->begin(), codes->end(), 0);
  }
  ++matching.key_codes.back();
  while ((1 << matching.num_bits) < num_shared + 2) ++matching.num_bits;
  return matching;
}

// Codes differ if some bit differs: two terms for each bit, instead of one for each class.
Lowering::Penalties Lowering::BitTerms(const ClassedSide& queries, const ClassedSide& keys,
                                       const Matching& matching, Quality quality) {
  const auto sets = [&](const std::vector<int>& codes) {
    std::vector<std::vector<bool>> result;  // bit 0 set, bit 0 clear, bit 1 set, …
    for (int bit = 0; bit < matching.num_bits; ++bit) {
      for (const int wanted : {1, 0}) {
        std::vector<bool> set;
        for (const int code : codes) set.push_back(((code >> bit) & 1) == wanted);
        result.push_back(std::move(set));
      }
    }
    return result;
  };
  const auto of_queries =
      ZeroSets(queries.nodes, queries.class_of_row, sets(matching.query_codes), quality);
  const auto of_keys = ZeroSets(keys.nodes, keys.class_of_row, sets(matching.key_codes), quality);
  std::vector<HeadBlock::Term> terms;
  for (std::size_t i = 0; i < of_queries.size(); i += 2) {
    terms.push_back({of_queries[i], of_keys[i + 1]});
    terms.push_back({of_queries[i + 1], of_keys[i]});
  }
  return OfIndicators(std::move(terms));
}

}  // namespace raspc
