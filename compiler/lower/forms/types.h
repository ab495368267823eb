// The type of a number: to the model ints, floats and bools of equal number are the same, and so
// are a single selected value and a mean. A string has its own type, and the number 0.
#pragma once

#include <optional>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/forms/choice_forms.h"
#include "compiler/lower/selectors/heads.h"
#include "compiler/lower/selectors/program_selectors.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Types {
 public:
  // Keeps references.
  Types(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder, FormSource& forms,
        ProgramSelectors& program, Heads& heads, ChoiceForms& choices)
      : sops_(sops),
        meanings_(meanings),
        builder_(builder),
        forms_(forms),
        program_(program),
        heads_(heads),
        choices_(choices) {}

  // The type of an s-op's value, as Sops::TypeCode numbers them. Throws LoweringFailure where the
  // model cannot know it.
  LinearForm Of(NodeId id);

 private:
  LinearForm FloatForm(NodeId id);    // 1 where the number is a float, else 0
  LinearForm BoolForm(NodeId id);     // 1 where it is a bool, else 0
  LinearForm SeveralForm(NodeId id);  // 1 where the row has two positions or more, else 0
  LinearForm StringForm(NodeId id, const std::vector<Atom>& strings);
  LinearForm TypeAtKey(NodeId id, const AggregateNode& aggregate, AtomType type);
  LinearForm AnyForm(const std::vector<LinearForm>& forms, NodeId origin);
  bool IsArithmeticOfMeans(NodeId id) const;
  std::optional<LinearForm> ListedTypeForm(NodeId id, AtomType type);
  bool IsSingle(const AggregateNode& aggregate) const;  // of one value at most
  [[noreturn]] void FailUnknownType(NodeId id) const;

  const Sops& sops_;
  const Meanings& meanings_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  ProgramSelectors& program_;
  Heads& heads_;
  ChoiceForms& choices_;
};

}  // namespace raspc
