// The coordinates that a function can be laid out on (builder/number_line.h): numbers that together
// determine the targets of a request.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "compiler/lower/builder/number_line.h"
#include "compiler/lower/functions/function_request.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// Ways to choose coordinates for one request. Each makes the forms it needs; an empty result means
// that this way does not exist.
class Coordinates {
 public:
  // Keeps references.
  Coordinates(const Sops& sops, FormSource& forms, const FunctionRequest& request)
      : sops_(sops), forms_(forms), request_(request) {}

  // One for each feature; with types, also the type of an aggregate's value, which distinguishes
  // the int 1 from the float 1.0.
  std::vector<Coordinate> OfFeatures(bool with_types);
  // Maps are opened from the top until everything is embedding-only, a feature, or a sum of these;
  // a comparison of two sums needs only their difference.
  std::vector<Coordinate> OfStructure();
  // The number of the opened map itself, if it needs no MLP segment: a function of a sum.
  std::vector<Coordinate> OfItself();
  // The operands of a map, each computed by itself first. An operand that is a function of at most
  // `most_tuples` combinations is replaced by its own operands.
  std::vector<Coordinate> OfOperands(NodeId map, double most_tuples);

 private:
  struct Structure {
    std::vector<NodeId> free, numbers;
    std::vector<std::pair<NodeId, NodeId>> differences;
  };
  void Collect(NodeId id, Structure& found) const;
  void CollectOperands(NodeId id, double most_tuples, std::set<NodeId>& seen,
                       std::vector<NodeId>& operands) const;
  Coordinate OfFeature(std::size_t feature);
  Coordinate OfEmbeddedNodes(Feature::Kind kind, const std::vector<NodeId>& nodes) const;
  std::optional<Coordinate> OfNumber(NodeId id);
  std::optional<Coordinate> OfDifference(NodeId a, NodeId b);
  Code CoordinateCode(NodeId id) const;
  std::optional<std::vector<double>> CodesByRow(NodeId id, const Code& code) const;

  const Sops& sops_;
  FormSource& forms_;
  const FunctionRequest& request_;
};

}  // namespace raspc
