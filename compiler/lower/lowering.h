// The state of lowering, and its parts. Internal to compiler/lower: callers use lower.h.
//
//   lower.cc            the output, failures, and what holds the parts together
//   lower_forms.cc      an s-op as a linear form: embedding columns, sums, gathered values
//   language_rounding.cc  how far the program's floats are from the forms
//   lower_types.cc      the type of a number
//   lower_functions.cc  a function of features as an MLP segment
//   lower_products.cc   products, powers and quotients without a table
//   lower_unlisted.cc   comparisons, rounding and choices of numbers without a table
//   lower_widths.cc     widths and sums
//   lower_selectors.cc  a selector as penalties of a head, class by class
//   lower_positions.cc  selection by position
//   lower_equality.cc   equality between many values
//   lower_nearest.cc    equality where every query finds its key
//   lower_order.cc      order between many values
//   lower_meanings.cc   what variables carry, for their names
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/domains/fractions.h"
#include "compiler/domains/joint_table.h"
#include "compiler/domains/wide_map.h"
#include "compiler/facts/facts.h"
#include "compiler/lower/blocks.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/mlp_piece.h"
#include "compiler/lower/number_line.h"
#include "compiler/lower/selector_formula.h"
#include "compiler/lower/variable_meaning.h"

namespace raspc {

// A real number for each value of a domain, by its index.
using Code = std::vector<double>;

// The error allowed in an indicator where a head selects at most one key: its scores need not be
// equal among several, only clear of the others'.
inline constexpr double kNearTolerance = 1.0 / 512;

// The total error allowed in the penalties of such a head. Above, a selected key would come close
// to BOS, which scores half a scale below it (compiler/emit).
inline constexpr double kMaxSlack = 0.4;

// The relative error, in units of rounding, of the share 1/(1+w) that a head gives: the sum of the
// exponentials is exactly an integer; a division, perhaps by way of a reciprocal, rounds at most
// twice.
inline constexpr double kShareRoundings = 2.02;

// Names quote at most this many bytes of a selector, unless they need more to be unique.
inline constexpr std::size_t kLongestSelector = 60;

// The maximum number of entries of a matrix of query classes by key classes.
inline constexpr std::size_t kMaxMatrixEntries = std::size_t{1} << 24;

// How many products of a score may be rounded. Those that are exactly 0 for a selected key do not
// count, since they change no sum.
inline constexpr std::size_t kMaxRoundedTerms = 67;

// Thrown inside lowering, and caught in Lower, which reports it.
struct LoweringFailure {
  Diagnostic diagnostic;
  bool is_imprecise = false;  // more significant bits may help
};

// What to insist on. Fewer neurons first; where their errors add up to too much, exactness.
struct PrecisionPlan {
  // The error allowed in a number that other segments build on, relative to the distance between
  // its values.
  double number_tolerance = 1.0 / 16;
  // What makes one segment better than another where both are precise enough.
  MlpPiece::Prefer prefer = MlpPiece::Prefer::kFewNeurons;
  // Into how many cells a round of a square cuts its range: fewer give smaller sums, and more
  // layers.
  int square_cells = 128;
  // The maximum number of values of a product that is laid out: with more, squares take fewer
  // neurons and are more precise.
  std::size_t laid_out_products = 1024;
  // Whether to give the output as a number within the tolerance for floats, even if its values are
  // listed.
  bool read_out_raw = false;
};

class Lowering {
 public:
  Lowering(const DataflowGraph& graph, const Domains& domains, const LowerOptions& options);

  // The whole lowering for one output. Throws LoweringFailure.
  Blocks Run(NodeId output, const PrecisionPlan& effort);

 private:
  // How good a segment's output has to be.
  enum class Quality {
    kNumber,
    kZeroSet,  // exactly 0, or at least 1
    kNearSet,  // within kNearTolerance of 0 or 1
  };

  // A form, and what is known of the number it is.
  struct Ranged {
    LinearForm form;
    Interval range;    // of its ideal number
    std::string name;  // of the number
    int line = 0;
  };

  // --- lower.cc
  void LowerOutput(NodeId output);
  void LowerRawOutput(NodeId output);
  void RequireExactInts(NodeId output, double error);
  bool LowerOutputAsNumber(NodeId output);
  void LowerOutputAsCode(NodeId output);
  [[noreturn]] void FailTooLarge(NodeId id, const std::string& what) const;
  [[noreturn]] void FailImprecise(NodeId id, const std::string& what) const;

  // --- lower_forms.cc
  const Domain& DomainOf(NodeId id) const { return domains_[id]; }
  bool IsNumeric(NodeId id) const;   // all its values are numbers
  Code NumberCode(NodeId id) const;  // 0 for strings
  // The code as a * number + b, if it is.
  std::optional<std::pair<double, double>> AffineInNumber(NodeId id, const Code& code) const;

  VariableId AddVariable(Variable variable, const VariableMeaning& meaning);
  LinearForm FreeForm(std::vector<double> by_token, std::vector<double> by_position,
                      const VariableMeaning& meaning);
  // code[value], for an s-op with a finite domain.
  LinearForm Real(NodeId id, const Code& code);
  LinearForm ComputeReal(NodeId id, const Code& code);
  std::optional<LinearForm> LinearReal(NodeId id, const Code& code);
  LinearForm AffineForm(NodeId id, const LinearForm& number,
                        const std::pair<double, double>& affine) const;
  LinearForm RealOfFeatures(NodeId id, const Code& code);
  std::optional<std::pair<NodeId, Code>> RenamedFrom(NodeId id, const Code& code) const;
  // The s-op's number, whatever its domain.
  LinearForm Number(NodeId id);
  LinearForm NumberPart(NodeId id);  // the same, and 0 where it is a string
  LinearForm NumberOfUnlisted(NodeId id);
  // The form of an s-op of numbers that is a sum, a difference or a multiple; nothing if it is not
  // one.
  std::optional<LinearForm> LinearNumber(NodeId id);
  // Whether the number of an s-op costs no MLP segment beyond those of the features it is made of.
  bool IsCheaplyLinear(NodeId id) const;
  const Feature* FreeFeatureOf(
      NodeId id) const;          // the one embedding-only feature it depends on, or null
  bool IsFree(NodeId id) const;  // depends on at most one feature, which is embedding-only

  // Whether the model has a listed s-op only as its number, so that values of equal number and
  // different type are distinguished only by type: a mean, or a map without a table.
  bool HasNumberOnly(NodeId id) const;
  // Whether the result is never a mean of several values: see infer_domains.h.
  bool IsLookUp(NodeId aggregate) const;
  LinearForm RealOfLookUp(NodeId id, const Code& code);
  LinearForm MeanForm(NodeId aggregate);
  LinearForm AddChannel(NodeId selector, const LinearForm& value, double at_bos, bool is_lookup,
                        const VariableMeaning& meaning, bool is_rounded_often = false);

  // --- lower_meanings.cc
  std::shared_ptr<const ValueList> ListOf(NodeId id) const;
  // The line of the program, 0 for what has none there: tokens, indices, the library's s-ops.
  int LineOf(NodeId id) const;
  VariableMeaning TextFor(NodeId id, std::string_view function) const;
  // code[value] of an s-op with a finite domain.
  VariableMeaning FunctionOf(NodeId id, const Code& code) const;
  VariableMeaning NumberMeaning(NodeId id) const;
  VariableMeaning FreeMeaning(const std::vector<double>& by_token,
                              const std::vector<double>& by_position) const;
  // Which value, or values together, s-ops have in each row of their joint table.
  struct RowValues {
    std::shared_ptr<const ValueList> list;
    std::vector<std::int32_t> of_row;  // -1: undefined
  };
  RowValues ValuesOfRows(const std::vector<NodeId>& nodes, const JointTable& table) const;
  const RowValues& FreeValues(Feature::Kind kind) const;
  static VariableMeaning FunctionOfRows(const RowValues& rows, const std::vector<double>& target);
  std::string SelectorName(const Formula& formula, std::size_t max_bytes) const;
  std::shared_ptr<const ValueList> WidthsOf(const Formula& formula) const;
  int LineOf(const Formula& formula) const;
  // 1/(1 + width), or the width itself, of what a formula selects.
  VariableMeaning ShareMeaning(const Formula& formula) const;
  VariableMeaning WidthMeaning(NodeId id, const Formula& formula);

  // --- language_rounding.cc
  // For a sum, difference, product, quotient or power: how far the language's result can be from
  // the real number that a form computes from the operands' values.
  double RoundingOf(NodeId id);
  double RoundingInRange(const MapNode& map) const;
  double RoundingInRows(NodeId id, const MapNode& map) const;
  // Whether the language's mean is the real one except for the rounding of its division.
  bool IsRoundedOnce(const AggregateNode& mean) const;

  // --- lower_types.cc
  LinearForm SeveralForm(NodeId aggregate);  // 1 where the row has two positions or more, else 0
  LinearForm FloatForm(NodeId id);           // 1 where the number is a float, else 0
  LinearForm BoolForm(NodeId id);            // 1 where it is a bool, else 0
  bool IsChoice(NodeId id) const;
  LinearForm ChosenType(NodeId id, double most,
                        const std::function<LinearForm(NodeId side)>& type_of);
  bool IsArithmeticOfMeans(NodeId id) const;
  std::optional<LinearForm> ListedTypeForm(NodeId id, AtomType type);
  bool IsSingle(const AggregateNode& aggregate) const;  // of one value at most
  [[noreturn]] void FailUnknownType(NodeId id) const;
  // 0 for an int, 1 for a float, 2 for a bool, then the strings of the domain: by value, and as a
  // form.
  Code TypeCode(NodeId id) const;
  LinearForm TypeForm(NodeId id);
  static constexpr double kFirstStringType = 3;
  Code StringCode(NodeId id, const std::vector<Atom>& strings) const;
  LinearForm StringForm(NodeId id, const std::vector<Atom>& strings);
  LinearForm AnyForm(const std::vector<LinearForm>& forms, NodeId origin);

  // --- lower_functions.cc
  // The function of a segment: for each row of the joint table of `nodes`, a target (NaN:
  // undefined).
  struct FunctionRequest {
    std::vector<NodeId> nodes;
    NodeId opened;  // at most one of them
    JointTable table;
    std::vector<std::vector<double>> targets;  // [target][row]
  };
  std::vector<Layout> Layouts(const FunctionRequest& request);
  std::vector<Coordinate> StructuredCoordinates(const FunctionRequest& request);
  std::vector<Coordinate> FeatureCoordinates(const FunctionRequest& request, bool with_types);
  void Collect(NodeId id, NodeId opened, std::vector<NodeId>& free, std::vector<NodeId>& numbers,
               std::vector<std::pair<NodeId, NodeId>>& differences) const;
  Code CoordinateCode(NodeId id) const;
  Coordinate CoordinateOfFeature(const FunctionRequest& request, std::size_t feature);
  Coordinate CoordinateOfFreeNodes(const FunctionRequest& request, Feature::Kind kind,
                                   const std::vector<NodeId>& nodes);
  std::vector<Coordinate> OwnCoordinate(const FunctionRequest& request);
  void CollectOperands(NodeId id, double most_tuples, std::set<NodeId>& seen,
                       std::vector<NodeId>& operands) const;
  std::vector<Coordinate> OperandCoordinates(const FunctionRequest& request, NodeId map,
                                             double most_tuples);
  NodeId MapOfRequest(const FunctionRequest& request) const;
  std::optional<std::vector<double>> CodesByRow(const FunctionRequest& request, NodeId id,
                                                const Code& code) const;
  void SortByPromise(std::vector<Layout>& layouts) const;
  LinearForm FormOfLayout(const Layout& layout);
  std::string WhatIsTooClose(const std::vector<Layout>& layouts) const;
  std::vector<LinearForm> Pieces(const FunctionRequest& request, Quality quality);
  double ReachOf(const LinearForm& z) const;
  double ToleranceOf(const std::vector<double>& values) const;
  std::optional<std::vector<LinearForm>> PiecesOn(const Layout& layout,
                                                  const FunctionRequest& request, Quality quality);
  LinearForm AddOutput(MlpBlock& block, const MlpPiece::Output& output,
                       const VariableMeaning& meaning, int ready);
  LinearForm AddPiece(const MlpPiece& piece, const MlpPiece::Output& output, const LinearForm& z,
                      const VariableMeaning& meaning);
  // From a number that is approximately 0 or 1: exactly 0, or at least 1.
  std::optional<LinearForm> Cleaned(const LinearForm& form, VariableMeaning meaning);

  // --- lower_products.cc
  LinearForm SquareForm(const Ranged& x, double tail);
  Ranged ProductOf(const Ranged& x, const Ranged& y);
  Ranged PowerOf(const Ranged& x, int exponent);
  std::optional<LinearForm> ProductForm(NodeId id);
  std::optional<LinearForm> RealOfProduct(NodeId id, const Code& code);

  // Of x / y, where the values of y are listed.
  std::optional<LinearForm> QuotientForm(NodeId id);

  // --- lower_unlisted.cc
  // 1 where a comparison without a table holds, else 0.
  LinearForm ComparisonNumber(NodeId id);
  LinearForm RoundedNumber(NodeId id);
  LinearForm PlaceNumber(NodeId id);
  LinearForm StepsNumber(NodeId id, const std::map<double, double>& steps);
  // One of two numbers, by a condition that is 1 or 0.
  LinearForm ChoiceForm(const LinearForm& condition, const Ranged& then, const Ranged& otherwise,
                        const VariableMeaning& meaning);
  LinearForm ConditionForm(NodeId choice);
  bool IsListedChoice(NodeId id) const;  // without a table
  LinearForm RealOfChoice(NodeId id, const Code& code);
  std::optional<LinearForm> ChoiceNumber(NodeId id);
  std::optional<LinearForm> GatedProduct(NodeId id);

  // --- lower_widths.cc
  // 1 / (1 + width) for a formula.
  LinearForm ShareForm(const Formula& formula);
  struct WidthPart {
    double sign;
    Formula formula;
  };
  std::vector<WidthPart> WidthParts(NodeId width);
  void ExpandWidth(const Formula& formula, double sign, std::vector<WidthPart>& parts);
  void SplitOrder(const Formula& formula, double sign, std::vector<WidthPart>& parts);
  LinearForm SumNumber(NodeId sum);
  LinearForm PartNumber(NodeId width, const Formula& formula);  // the width of a part
  bool IsOneTerm(const Formula& formula) const;
  bool IsNeverSelected(const Formula& formula) const;

  // --- lower_selectors.cc
  const Formula& FormulaOf(NodeId selector);
  // How a head selects: its terms, and its selection by relative position.
  struct Scoring {
    HeadMask mask = HeadMask::kNone;
    std::vector<HeadBlock::Term> terms;
    double slack = 0;          // total error of the penalties
    bool takes_least = false;  // see HeadBlock
    std::vector<bool> hidden_offsets;
  };
  const Scoring& ScoringOf(const Formula& formula, Quality quality);
  HeadBlock HeadFor(const Scoring& scoring, const Formula& formula, bool bos_shares) const;
  int ReadyOfScoring(const Scoring& scoring) const;
  struct Penalties {  // of one clause
    std::vector<HeadBlock::Term> terms;
    double slack = 0;
    bool takes_least = false;
  };
  class TermChoice;
  std::size_t NumRounded(const std::vector<HeadBlock::Term>& terms) const;
  Penalties OfIndicators(std::vector<HeadBlock::Term> terms) const;
  HeadBlock::Term KeyTerm(const Formula& clause, Quality quality);
  void AddTerms(const Formula& clause, bool is_whole, Quality quality, Scoring& scoring);
  struct ClassedSide {
    std::vector<NodeId> nodes;
    std::vector<int> class_of_row;  // of the joint table of `nodes`
    std::size_t num_classes = 0;
  };
  // Codes of classes that are equal for a query and a key class exactly if the query selects the
  // key.
  struct Matching {
    std::vector<int> query_codes, key_codes;  // by class
    int num_bits = 0;
  };
  // A clause between classes of queries and classes of keys.
  struct ClassedClause {
    ClassedSide queries, keys;
    std::vector<std::vector<bool>> matrix;  // [query class][key class]; empty where too large
    std::optional<Matching> matching;       // where no class selects several
  };
  Penalties BestTerms(const Formula& clause, bool is_whole, const ClassedClause& classed,
                      Quality quality);
  Penalties ClassTerms(const ClassedSide& first, const ClassedSide& second,
                       const std::vector<std::vector<bool>>& matrix, Quality quality, bool swap);
  // For each set of classes: exactly 0 at positions outside it, at least 1 inside. `classes[row]`
  // is the class of each row of the joint table of `nodes`, -1 where undefined.
  std::vector<LinearForm> ZeroSets(const std::vector<NodeId>& nodes,
                                   const std::vector<int>& classes,
                                   const std::vector<std::vector<bool>>& sets, Quality quality);
  std::vector<LinearForm> ComputedZeroSets(FunctionRequest request,
                                           const std::vector<std::vector<double>>& targets,
                                           Quality quality);
  bool IsFreeLookUp(NodeId id) const;

  // --- lower_positions.cc
  std::optional<std::int64_t> ShiftOfIndices(NodeId id) const;
  std::optional<std::vector<bool>> HiddenOffsets(const Formula& clause) const;
  void HideOffsets(const std::vector<bool>& hidden, Scoring& scoring) const;
  void SettleMask(Scoring& scoring) const;
  void AddCausalTerm(std::vector<HeadBlock::Term>& terms);
  std::vector<const Atom*> ValuesByPosition(NodeId id) const;
  bool IsImpliedByMask(const Formula& clause) const;
  Formula WithoutImplied(const Formula& formula) const;
  bool IsImpliedByMask(const std::vector<NodeId>& queries, const std::vector<NodeId>& keys,
                       const std::function<bool(std::size_t, std::size_t)>& at) const;

  // --- lower_equality.cc
 public:
  struct Squared;

 private:
  std::optional<Penalties> DistanceTerms(const Formula& clause, Quality quality);
  bool IsEquality(const Formula& clause) const;
  static Matching MatchingOfShared(int num_shared);
  static std::optional<Matching> MatchingOf(const std::vector<std::vector<bool>>& matrix);
  std::optional<Penalties> MatchingDistance(const ClassedSide& queries, const ClassedSide& keys,
                                            const Matching& matching, Quality quality);
  Penalties BitTerms(const ClassedSide& queries, const ClassedSide& keys, const Matching& matching,
                     Quality quality);
  static bool HasIntsOnly(const Domain& domain);
  std::optional<Penalties> CodeDistance(NodeId query, Code query_code, NodeId key, Code key_code,
                                        Quality quality, bool is_found = false);
  Squared SquaredCode(NodeId id, const Code& numbers, Quality quality);
  Squared NumberAlone(NodeId id, const Code& numbers);
  Squared SquaredOnLines(NodeId id, const Code& numbers, const Code& squares);
  void BoundSquared(const Code& numbers, const Code& squares, Squared& result) const;

  // --- lower_nearest.cc
  std::optional<Penalties> NearestTerms(const Formula& clause, Quality quality);
  std::optional<Penalties> NearestByShare(const SelectNode& select,
                                          std::optional<std::int64_t> missed);
  const Facts& facts();

  // --- lower_order.cc
  // A comparison of order, as codes on either side: selected exactly if low < high.
  struct OrderCodes {
    bool query_is_high = true;
    std::vector<int> query_codes, key_codes;  // by domain index
    int num_bits = 0;
    std::size_t num_thresholds = 0;  // values of the side that has fewer
  };
  std::optional<OrderCodes> OrderCodesOf(const Formula& comparison) const;
  bool IsWorthSplitting(const Formula& comparison) const;
  void AddOrderBitTerms(const Formula& comparison, std::vector<HeadBlock::Term>& terms);
  std::vector<LinearForm> BitSets(NodeId id, const std::vector<int>& codes, int num_bits);

  const DataflowGraph& graph_;
  const Domains& domains_;
  LowerOptions options_;
  PrecisionPlan effort_;
  std::shared_ptr<const SourceText> program_;  // where the output is computed
  Blocks blocks_;
  std::map<std::pair<NodeId, Code>, LinearForm> reals_;
  std::map<std::pair<std::vector<double>, std::vector<double>>, VariableId> free_variables_;
  std::map<NodeId, Formula> formulas_;
  std::map<std::string, NodeId> selectors_;  // the first of each formula
  // Made when asked for.
  mutable std::map<NodeId, std::shared_ptr<const ValueList>> lists_;
  mutable std::map<Feature::Kind, RowValues> free_values_;
  std::map<std::string, Scoring> scorings_;
  std::map<std::tuple<Quality, std::vector<NodeId>, std::vector<double>>, LinearForm> zero_sets_;
  std::map<std::pair<std::string, int>, std::size_t> heads_;  // formula and ready -> head of means
  std::map<std::string, LinearForm> shares_;
  std::map<std::string, LinearForm> part_numbers_;
  std::map<NodeId, LinearForm> decisions_;  // comparisons, rounded numbers and places
  std::map<NodeId, LinearForm> choices_;
  FractionsFinder fractions_{graph_, domains_};
  std::optional<Facts> facts_;  // made when first asked for
  std::map<NodeId, LinearForm> products_;
  std::map<NodeId, double> roundings_;
};

}  // namespace raspc
