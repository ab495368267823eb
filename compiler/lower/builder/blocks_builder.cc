#include "compiler/lower/builder/blocks_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace raspc {
namespace {

// 1 minus the column of a variable whose only column holds nothing but 0 and 1.
std::optional<std::pair<std::vector<double>, std::vector<double>>> Complement(
    std::vector<double> by_token, std::vector<double> by_position) {
  if (by_token.empty() == by_position.empty()) return std::nullopt;
  for (double& entry : by_token.empty() ? by_position : by_token) {
    if (entry != 0 && entry != 1) return std::nullopt;
    entry = 1 - entry;
  }
  return std::pair{std::move(by_token), std::move(by_position)};
}

bool IsFlat(const std::vector<double>& column) {
  return std::adjacent_find(column.begin(), column.end(), std::not_equal_to<>()) == column.end();
}

}  // namespace

BlocksBuilder::BlocksBuilder(DType dtype, std::int64_t max_parameters)
    : max_parameters_(max_parameters) {
  blocks_.dtype = dtype;
  blocks_.arithmetic = ArithmeticOf(dtype);
}

VariableId BlocksBuilder::AddVariable(Variable variable, const VariableMeaning& meaning) {
  variable.SetMeaning(meaning);
  blocks_.variables.push_back(std::move(variable));
  RequireRoomFor(0);
  return VariableId{static_cast<std::int32_t>(blocks_.variables.size()) - 1};
}

LinearForm BlocksBuilder::Embedding(std::vector<double> by_token, std::vector<double> by_position,
                                    const VariableMeaning& meaning) {
  double constant = 0;
  for (std::vector<double>* column : {&by_token, &by_position}) {
    if (column->empty() || !IsFlat(*column)) continue;
    constant += column->front();
    column->clear();
  }
  if (by_token.empty() && by_position.empty()) return LinearForm::Constant(constant);
  // A column of 0s and 1s can stand in for its complement.
  if (const auto complement = Complement(by_token, by_position)) {
    const auto known = embeddings_.find(*complement);
    if (known != embeddings_.end()) {
      return Shifted(Scaled(LinearForm::Of(known->second), -1), constant + 1);
    }
  }
  const auto [at, is_new] = embeddings_.try_emplace({by_token, by_position});
  if (is_new) at->second = AddVariable(EmbeddingVariable(by_token, by_position), meaning);
  LinearForm form = LinearForm::Of(at->second);
  form.constant = constant;
  return form;
}

Variable BlocksBuilder::EmbeddingVariable(const std::vector<double>& by_token,
                                          const std::vector<double>& by_position) const {
  Variable variable;
  variable.by_token = by_token;
  variable.by_position = by_position;
  for (const std::vector<double>* column : {&by_token, &by_position}) {
    double largest = 0;
    for (const double entry : *column) {
      const Bound bound = BoundOfConstant(entry, blocks_.arithmetic);
      largest = std::max(largest, bound.max_abs);
      variable.bound.error = std::max(variable.bound.error, bound.error);
      variable.bound.grid = std::min(variable.bound.grid, bound.grid);
    }
    variable.bound.max_abs += largest;
  }
  if (!by_token.empty() && !by_position.empty()) {  // the stream adds the two
    SumBound sum(blocks_.arithmetic);
    sum.Add(1, variable.bound);
    sum.Add(1, Bound{});
    variable.bound = sum.Computed();
  }
  return variable;
}

void BlocksBuilder::RequireRoomFor(std::size_t num_variables) const {
  const std::size_t d_model = blocks_.variables.size() + num_variables + 1;
  if (num_rows_ > max_parameters_ / static_cast<std::int64_t>(d_model)) throw TooManyParameters{};
}

std::size_t BlocksBuilder::AddHead(HeadBlock head) {
  num_rows_ += 2 * static_cast<std::int64_t>(head.terms.size() + 1);
  RequireRoomFor(0);
  blocks_.heads.push_back(std::move(head));
  return blocks_.heads.size() - 1;
}

LinearForm BlocksBuilder::AddChannel(std::size_t head, const LinearForm& value, double at_bos,
                                     Variable variable, const VariableMeaning& meaning) {
  variable.origin = Variable::Origin::kHead;
  variable.at_bos = at_bos;
  const VariableId output = AddVariable(std::move(variable), meaning);
  blocks_.heads[head].channels.push_back({value, at_bos, output});
  return LinearForm::Of(output);
}

LinearForm BlocksBuilder::AddOutput(MlpBlock& block, const MlpSegment::Output& output,
                                    const VariableMeaning& meaning, int ready) {
  Variable variable;
  variable.origin = Variable::Origin::kMlp;
  variable.at_bos = output.base;
  variable.bound = output.bound;
  variable.ready = ready;
  // The entry of a deciding segment is about z, that of any other about the number it computes.
  const bool decides = std::isfinite(output.margin);
  const VariableId id = AddVariable(std::move(variable), meaning);
  blocks_.margins.push_back(
      {{fmt::format("`{}`", blocks_[id].label), decides ? output.z_error : output.bound.error,
        decides ? output.z_error + output.margin : output.margin},
       id,
       {}});
  block.outputs.push_back({id, output.base, output.weights});
  return LinearForm::Of(id);
}

void BlocksBuilder::AddMlp(MlpBlock block) {
  num_rows_ += 2 * static_cast<std::int64_t>(block.neurons.size());
  RequireRoomFor(0);
  blocks_.mlps.push_back(std::move(block));
}

int BlocksBuilder::ReadyAfterMlp(const LinearForm& z) const {
  return EarliestMlpLayer(ReadyOf(z)) * 2 + 2;
}

LinearForm BlocksBuilder::AddSegment(const MlpSegment& segment, const MlpSegment::Output& output,
                                     const LinearForm& z, const VariableMeaning& meaning) {
  MlpBlock block;
  block.neurons = segment.neurons();
  const LinearForm form = AddOutput(block, output, meaning, ReadyAfterMlp(z));
  AddMlp(std::move(block));
  return form;
}

std::optional<LinearForm> BlocksBuilder::Cleaned(const LinearForm& form, VariableMeaning meaning) {
  MlpSegment segment(blocks_, form, {0, 1});
  const auto output = segment.Hinges({true, false});
  if (!output) return std::nullopt;
  meaning.kind = VariableMeaning::Kind::kPenalty;
  return AddSegment(segment, *output, form, meaning);
}

void BlocksBuilder::AddMargin(std::string what, double error, double margin,
                              std::optional<std::size_t> head) {
  blocks_.margins.push_back({{std::move(what), error, margin}, {}, head});
}

void BlocksBuilder::SetReadouts(std::vector<LinearForm> readouts, OutputDecoding decoding) {
  blocks_.readouts = std::move(readouts);
  blocks_.decoding = std::move(decoding);
}

}  // namespace raspc
