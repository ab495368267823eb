// What the directions of the residual stream depend on.
//
// A direction that no head and no MLP has written to yet is the sum of a token's and a position's
// embedding; if one of them is constant, it is a function of the other. From the weights alone,
// this shows which keys and queries of a head can be tabulated by token.
//
// Position 0, which holds BOS, is excluded: "constant" means constant at program positions.
#pragma once

#include <string_view>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

enum class Source { kConstant, kToken, kPosition, kTokenAndPosition, kComputed };
std::string_view NameOf(Source source);

// The source that depends on both.
Source Join(Source a, Source b);

class DirectionSources {
 public:
  // As the stream enters the first layer. Reads the embeddings once.
  explicit DirectionSources(const Model& model);

  // Marks the directions with a weight that is not zero in a row's entries: [n, d_model].
  void AddWrites(const Matrix& output);
  void AddWrites(const Vector& bias);

  // Of column `column` of x W, with W [d_model, n].
  Source OfColumn(const Matrix& weights, int column) const;
  // Of all columns together.
  Source Of(const Matrix& weights) const;

 private:
  std::vector<Source> sources_;  // [d_model]
};

}  // namespace raspc
