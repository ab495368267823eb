// How the output is read from the model: as the number itself, where its values are far enough
// apart; as a code for each value; or as a number and a type, where it is not listed.
#pragma once

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Readout {
 public:
  // Keeps references.
  Readout(const Sops& sops, BlocksBuilder& builder, FormSource& forms)
      : sops_(sops), builder_(builder), forms_(forms) {}

  // Of an output whose values are listed. Throws LoweringFailure, as does OfRaw.
  void OfListed(NodeId output);
  // As a number within the tolerance for floats.
  void OfRaw(NodeId output);

 private:
  void RequireExactInts(NodeId output, double error);
  bool AsNumber(NodeId output);
  void AsCode(NodeId output);

  const Sops& sops_;
  BlocksBuilder& builder_;
  FormSource& forms_;
};

}  // namespace raspc
