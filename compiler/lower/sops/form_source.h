// Forms of s-ops on demand.
//
// A form of an aggregate needs a head, whose scores need functions of other s-ops, which need forms
// of these: forms, functions and selectors are made for one another. This interface is where that
// circle closes: functions and selectors ask it for forms, and the class Forms, which is above
// both, implements it.
#pragma once

#include <optional>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/lower/builder/blocks.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class FormSource {
 public:
  virtual ~FormSource() = default;

  // code[value], for an s-op with a finite domain.
  virtual LinearForm Real(NodeId id, const Code& code) = 0;
  // The s-op's number, whatever its domain; it must not hold strings.
  virtual LinearForm Number(NodeId id) = 0;
  // The same, and 0 where it is a string.
  virtual LinearForm NumberPart(NodeId id) = 0;
  // The number of an s-op that is a sum, a difference or a multiple; nothing if it is not one.
  virtual std::optional<LinearForm> LinearNumber(NodeId id) = 0;
  // The type of its value, as Sops::TypeCode numbers them.
  virtual LinearForm Type(NodeId id) = 0;
  // Whether one head counts the width, and the share 1 / (1 + width) that it gives. Only such a
  // width has a share.
  virtual bool HasShare(NodeId width) = 0;
  virtual LinearForm Share(NodeId width) = 0;
};

}  // namespace raspc
