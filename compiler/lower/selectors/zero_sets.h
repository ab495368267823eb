// Indicators of sets of values, from which scores are made: exactly 0 outside the set, at least 1
// inside, or within kApproximateTolerance of that (`Quality`).
#pragma once

#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/functions/functions.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class ZeroSets {
 public:
  // Keeps references.
  ZeroSets(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder, FormSource& forms,
           Functions& functions)
      : sops_(sops),
        meanings_(meanings),
        builder_(builder),
        forms_(forms),
        functions_(functions) {}

  // For each set of classes: 0 at positions outside it, 1 inside. `classes[row]` is the class of
  // each row of the joint table of `nodes`, -1 where undefined.
  std::vector<LinearForm> Of(const std::vector<NodeId>& nodes, const std::vector<int>& classes,
                             const std::vector<std::vector<bool>>& sets, Quality quality);
  // Of classes that have codes of `num_bits` bits: where bit 0 is set, where it is clear, where bit
  // 1 is set, ...
  std::vector<LinearForm> OfBits(const std::vector<NodeId>& nodes, const std::vector<int>& classes,
                                 const std::vector<int>& codes, int num_bits, Quality quality);

 private:
  std::vector<LinearForm> OfOneFeature(FunctionRequest request,
                                       const std::vector<std::vector<double>>& targets,
                                       Quality quality);
  std::vector<LinearForm> Computed(FunctionRequest request,
                                   const std::vector<std::vector<double>>& targets,
                                   Quality quality);

  const Sops& sops_;
  const Meanings& meanings_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  Functions& functions_;
  // By the s-ops, then by the target in each row of their joint table, -1 where undefined.
  std::map<std::pair<Quality, std::vector<NodeId>>, std::map<std::vector<double>, LinearForm>>
      computed_;
  // The results of OfBits, by its arguments.
  std::map<std::tuple<Quality, std::vector<NodeId>, std::vector<int>, std::vector<int>, int>,
           std::vector<LinearForm>>
      of_bits_;
};

}  // namespace raspc
