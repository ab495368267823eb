// A choice between two numbers, or the product of a number with one that is 0 or 1, without a
// table: a neuron for each number, however many values there are.
//
// For a condition c that is 1 or 0, and a number a between `low` and `high`,
//
//     max(0, a - low - r (1 - c))
//
// is a - low where c is 1, and exactly 0 where it is 0, if r is a little larger than high - low.
// The sum of two such neurons is the chosen number, apart from a multiple of c.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/forms/products.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class ChoiceForms {
 public:
  // Keeps references.
  ChoiceForms(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder, FormSource& forms)
      : sops_(sops), meanings_(meanings), builder_(builder), forms_(forms) {}

  // Of an `if` without a table. All throw LoweringFailure.
  // code[value], where its sides are listed (Sops::IsListedChoice).
  LinearForm Real(NodeId choice, const Code& code);
  // Its number, 0 where it is a string.
  LinearForm Number(NodeId choice);
  // A property of the chosen side, a number from 0 to `most` that `of_side` gives.
  LinearForm OfSides(NodeId choice, double most, const VariableMeaning& meaning,
                     const std::function<LinearForm(NodeId side)>& of_side);

  // The number of a product without a table of which a factor is always 0 or 1; nothing for others.
  std::optional<LinearForm> GatedProduct(NodeId product);

 private:
  LinearForm Chosen(const LinearForm& condition, const RangedNumber& then,
                    const RangedNumber& otherwise, const VariableMeaning& meaning);
  LinearForm Condition(NodeId choice);

  const Sops& sops_;
  const Meanings& meanings_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  std::map<NodeId, LinearForm> numbers_;
};

}  // namespace raspc
