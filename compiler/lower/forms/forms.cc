#include "compiler/lower/forms/forms.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace raspc {

Forms::Forms(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
             BlocksBuilder& builder)
    : sops_(sops),
      meanings_(meanings),
      plan_(plan),
      builder_(builder),
      rounding_(sops),
      formulas_(sops.graph()),
      positions_(sops, formulas_),
      program_(sops, meanings, formulas_, positions_),
      width_parts_(sops, formulas_, positions_),
      functions_(sops, meanings, plan, builder, *this),
      selectors_(sops, meanings, builder, *this, functions_, formulas_, positions_),
      heads_(sops, meanings, plan, builder, *this, formulas_, program_, width_parts_, selectors_),
      block_sums_(sops, meanings, formulas_, *this, heads_),
      products_(plan, builder),
      choices_(sops, meanings, builder, *this),
      decisions_(sops, meanings, plan, builder, *this),
      types_(sops, meanings, builder, *this, program_, heads_, choices_) {}

LinearForm Forms::Real(NodeId id, const Code& code) {
  const auto known = reals_.find({id, code});
  if (known != reals_.end()) return known->second;
  LinearForm form = ComputeReal(id, code);
  reals_.emplace(std::pair{id, code}, form);
  return form;
}

LinearForm Forms::ComputeReal(NodeId id, const Code& code) {
  const bool is_flat =
      std::adjacent_find(code.begin(), code.end(), std::not_equal_to<>()) == code.end();
  if (is_flat) return LinearForm::Constant(code.empty() ? 0 : code[0]);
  if (sops_.IsEmbedded(id)) return Column(id, code);
  const auto linear = LinearReal(id, code);
  if (!linear) return RealOfFeatures(id, code);
  const bool is_precise = DriftOf(builder_.blocks(), *linear) <= plan_.ToleranceOf(code);
  if (!sops_.HasTable(id) || is_precise) return *linear;
  // Where floats cancel, a sum of forms can be far from the sum of floats: the table shows it.
  try {
    return RealOfFeatures(id, code);
  } catch (const LoweringFailure& failure) {
    if (!failure.is_imprecise) throw;
    return *linear;  // a caller that needs more precision asks for it
  }
}

// Of an embedding-only s-op that has several values.
LinearForm Forms::Column(NodeId id, const Code& code) {
  std::vector<double> column;
  for (const std::int32_t value : sops_.TableOf(id).rows) {
    column.push_back(value < 0 ? 0 : code[static_cast<std::size_t>(value)]);
  }
  const bool by_token = sops_.EmbeddedFeatureOf(id)->kind == Feature::Kind::kToken;
  return by_token ? builder_.Embedding(column, {}, meanings_.FunctionOf(id, code))
                  : builder_.Embedding({}, column, meanings_.FunctionOf(id, code));
}

// The code as a multiple of a sum, a mean or the like.
std::optional<LinearForm> Forms::LinearReal(NodeId id, const Code& code) {
  const auto affine = sops_.AffineInNumber(id, code);
  const auto number = affine ? LinearNumber(id) : std::nullopt;
  return number ? std::optional(AffineForm(id, *number, *affine)) : std::nullopt;
}

// number * factor + offset, for a form of the s-op's number. Codes were found equal to its
// rounded value.
LinearForm Forms::AffineForm(NodeId id, const LinearForm& number,
                             const std::pair<double, double>& affine) const {
  const auto& [factor, offset] = affine;
  LinearForm form = Shifted(Scaled(number, factor), offset);
  double rounding = 0;
  for (const double value : sops_.NumberCode(id)) {
    rounding =
        std::max(rounding, ErrorOfProduct(factor, value) + ErrorOfSum(factor * value, offset));
  }
  form.drift += rounding;
  return form;
}

LinearForm Forms::RealOfFeatures(NodeId id, const Code& code) {
  if (sops_.IsListedChoice(id)) return choices_.Real(id, code);
  if (const auto product = RealOfProduct(id, code)) return *product;
  if (sops_.As<AggregateNode>(id) != nullptr && sops_.IsGather(id)) return RealOfGather(id, code);
  // A function of one gathered value is gathered instead.
  const std::vector<Feature>& features = sops_.TableOf(id).features;
  if (features.size() == 1 && features[0].kind == Feature::Kind::kNode &&
      sops_.As<AggregateNode>(features[0].node) != nullptr && sops_.IsGather(features[0].node)) {
    Code composed;
    for (const std::int32_t value : sops_.TableOf(id).rows) {
      composed.push_back(value < 0 ? 0 : code[static_cast<std::size_t>(value)]);
    }
    return Real(features[0].node, composed);
  }
  if (const auto renamed = sops_.RenamedFrom(id, code)) {
    return Real(renamed->first, renamed->second);
  }
  FunctionRequest request;
  request.nodes = {id};
  if (sops_.HasTable(id)) request.opened = id;
  auto table = sops_.Tabulate(request.nodes, request.opened);
  if (!table) sops_.FailTooLarge(id, "is a function of too many values");
  request.table = std::move(*table);
  request.targets.emplace_back();
  for (const std::int32_t value : request.table.values[0]) {
    request.targets[0].push_back(value < 0 ? std::nan("") : code[static_cast<std::size_t>(value)]);
  }
  return functions_.Of(request, Quality::kNumber)[0];
}

LinearForm Forms::RealOfGather(NodeId id, const Code& code) {
  const auto& aggregate = *sops_.As<AggregateNode>(id);
  const auto code_of = [&](const Atom& value) {  // 0 for impossible values
    const int index = sops_[id].IndexOf(value);
    return index < 0 ? 0 : code[static_cast<std::size_t>(index)];
  };
  Code at_key;
  for (const Atom& value : sops_[aggregate.values].values) at_key.push_back(code_of(value));
  return heads_.Channel(aggregate.selector, Real(aggregate.values, at_key),
                        code_of(DefaultOf(aggregate)), Heads::Combination::kGather,
                        meanings_.FunctionOf(id, code));
}

// The code of a product with many values, where that is its number times a factor and squares are
// precise enough to distinguish the values.
std::optional<LinearForm> Forms::RealOfProduct(NodeId id, const Code& code) {
  if (code.size() <= plan_.laid_out_products) return std::nullopt;
  const auto affine = sops_.AffineInNumber(id, code);
  const auto product = affine ? ProductForm(id) : std::nullopt;
  if (!product) return std::nullopt;
  const LinearForm form = AffineForm(id, *product, *affine);
  return builder_.BoundOf(form).error <= plan_.ToleranceOf(code) ? std::optional(form)
                                                                  : std::nullopt;
}

}  // namespace raspc
