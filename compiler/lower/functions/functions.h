// Functions of several s-ops as MLP segments: their numbers are laid out on one number line
// (builder/number_line.h), on which neurons change the output (builder/mlp_segment.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/number_line.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/functions/coordinates.h"
#include "compiler/lower/functions/function_request.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Functions {
 public:
  // Keeps references.
  Functions(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
            BlocksBuilder& builder, FormSource& forms)
      : sops_(sops), meanings_(meanings), plan_(plan), builder_(builder), forms_(forms) {}

  // A form for each target of the request. Throws LoweringFailure where none is precise enough.
  std::vector<LinearForm> Of(const FunctionRequest& request, Quality quality);

 private:
  class Segment;

  std::vector<NumberLine> NumberLines(const FunctionRequest& request);
  void SortByPromise(std::vector<NumberLine>& lines) const;
  NodeId MapOfRequest(const FunctionRequest& request) const;
  LinearForm FormOfLine(const NumberLine& line);
  double ReachOf(const LinearForm& z) const;
  std::optional<std::vector<LinearForm>> On(const NumberLine& line, const FunctionRequest& request,
                                            Quality quality);
  std::string WhatIsTooClose(const std::vector<NumberLine>& lines) const;

  const Sops& sops_;
  const Meanings& meanings_;
  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
  FormSource& forms_;
};

}  // namespace raspc
