// See residual_sources.h.
#include "runtime/engine/structured/residual_sources.h"

namespace raspc {
namespace {

// Whether rows [first, last) of a column hold one number.
bool IsConstant(const Matrix& m, Eigen::Index column, Eigen::Index first, Eigen::Index last) {
  for (Eigen::Index row = first + 1; row < last; ++row) {
    if (m(row, column) != m(first, column)) return false;
  }
  return true;
}

}  // namespace

std::string_view NameOf(Source source) {
  switch (source) {
    case Source::kConstant:
      return "constant";
    case Source::kToken:
      return "functions of the token";
    case Source::kPosition:
      return "functions of the position";
    case Source::kTokenAndPosition:
      return "functions of token and position";
    case Source::kComputed:
      return "computed";
  }
  return "?";
}

Source Join(Source a, Source b) {
  if (a == Source::kConstant || a == b) return b;
  if (b == Source::kConstant) return a;
  if (a == Source::kComputed || b == Source::kComputed) return Source::kComputed;
  return Source::kTokenAndPosition;
}

DirectionSources::DirectionSources(const Model& model) {
  const Matrix& tokens = model.token_embedding;
  const Matrix& positions = model.position_embedding;
  for (Eigen::Index d = 0; d < tokens.cols(); ++d) {
    const Source token =
        IsConstant(tokens, d, 0, model.bos_id()) ? Source::kConstant : Source::kToken;
    const Source position =
        IsConstant(positions, d, 1, positions.rows()) ? Source::kConstant : Source::kPosition;
    sources_.push_back(Join(token, position));
  }
}

void DirectionSources::AddWrites(const Matrix& output) {
  for (Eigen::Index i = 0; i < output.rows(); ++i) {
    for (Eigen::Index d = 0; d < output.cols(); ++d) {
      if (output(i, d) != 0) sources_[static_cast<std::size_t>(d)] = Source::kComputed;
    }
  }
}

void DirectionSources::AddWrites(const Vector& bias) { AddWrites(Matrix(bias.transpose())); }

Source DirectionSources::OfColumn(const Matrix& weights, int column) const {
  Source source = Source::kConstant;
  for (Eigen::Index d = 0; d < weights.rows(); ++d) {
    if (weights(d, column) != 0) source = Join(source, sources_[static_cast<std::size_t>(d)]);
  }
  return source;
}

Source DirectionSources::Of(const Matrix& weights) const {
  Source source = Source::kConstant;
  for (int column = 0; column < weights.cols(); ++column) {
    source = Join(source, OfColumn(weights, column));
  }
  return source;
}

}  // namespace raspc
