#include "compiler/lower/sops/too_large.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "compiler/domains/fractions.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxOrigins = 3;

// Whether the operation has few results, whatever its operands: truth values, or the entries of a
// table.
bool HasFewResults(MapOp op) {
  switch (op) {
    case MapOp::kEqual:
    case MapOp::kNotEqual:
    case MapOp::kLess:
    case MapOp::kGreater:
    case MapOp::kLessEqual:
    case MapOp::kGreaterEqual:
    case MapOp::kAnd:
    case MapOp::kOr:
    case MapOp::kNot:
    case MapOp::kIndicator:
    case MapOp::kMember:
    case MapOp::kLookUp:
    case MapOp::kLookUpKey:
    case MapOp::kHost:
      return true;
    default:
      return false;
  }
}

std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// The s-op that has more values than can be listed, where `id` is not listed: a comparison has only
// two itself, but is unknown where its operands are, and a choice between listed s-ops has few.
NodeId UnlistedOrigin(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  for (;;) {
    const auto* map = std::get_if<MapNode>(&graph[id].kind);
    const auto* aggregate = std::get_if<AggregateNode>(&graph[id].kind);
    std::vector<NodeId> causes;
    if (map != nullptr && map->op == MapOp::kChoose) {
      causes = map->operands;
      // A choice has as many values as its sides.
      if (!domains[causes[1]].is_finite || !domains[causes[2]].is_finite) return id;
    } else if (map != nullptr && HasFewResults(map->op)) {
      causes = map->operands;
    } else if (aggregate != nullptr &&
               domains.at_most_one[static_cast<std::size_t>(aggregate->selector.value)]) {
      causes = {aggregate->values};
    }
    const auto cause = std::find_if(causes.begin(), causes.end(),
                                    [&](NodeId operand) { return !domains[operand].is_finite; });
    if (cause == causes.end()) return id;
    id = *cause;
  }
}

class Explanation {
 public:
  Explanation(const DataflowGraph& graph, const Domains& domains, NodeId id)
      : graph_(graph), domains_(domains), id_(id) {}

  void NoteOperands(Diagnostic& diagnostic) const {
    std::set<NodeId> noted;
    for (const NodeId operand : SOpsOf(id_)) {
      const bool is_constant = std::holds_alternative<ConstantNode>(graph_[operand].kind);
      if (is_constant || !noted.insert(operand).second) continue;
      const Domain& domain = domains_[operand];
      const std::string size = domain.is_finite
                                   ? "can have " + Counted(domain.values.size(), "value")
                                   : WhyUnlisted(graph_, domains_, operand);
      diagnostic.Note(PlaceOf(operand),
                      fmt::format("{} {}", NameInMessage(graph_, operand), size));
    }
  }

  // Where an operand is not listed, the cause is often further up.
  void NoteOrigins(Diagnostic& diagnostic) const {
    std::size_t num_noted = 0;
    for (const NodeId origin : Reachable(graph_, std::array{id_})) {
      if (graph_.IsSelector(origin) || domains_[origin].is_finite || !AllListed(SOpsOf(origin))) {
        continue;
      }
      const std::string reason = ReasonOf(origin);
      if (reason.empty() || num_noted++ == kMaxOrigins) continue;
      diagnostic.Note(PlaceOf(origin), fmt::format("{} cannot be listed: {}",
                                                   NameInMessage(graph_, origin), reason));
    }
  }

  // Two means over the same positions have more pairs of values than the mean of their sum or
  // difference has values. Returns whether there are two.
  bool NoteJoinableMeans(Diagnostic& diagnostic) const {
    for (const NodeId id : Reachable(graph_, std::array{id_})) {
      const auto* map = std::get_if<MapNode>(&graph_[id].kind);
      if (map == nullptr || (map->op != MapOp::kAdd && map->op != MapOp::kSubtract)) continue;
      const auto* left = std::get_if<AggregateNode>(&graph_[map->operands[0]].kind);
      const auto* right = std::get_if<AggregateNode>(&graph_[map->operands[1]].kind);
      if (left == nullptr || right == nullptr || left->selector != right->selector) continue;
      diagnostic.Note(
          PlaceOf(id),
          fmt::format("what helps: one aggregate in place of two over the same selector, "
                      "`aggregate(s, x {0} y)` instead of `aggregate(s, x) {0} aggregate(s, y)`; "
                      "it has fewer values",
                      raspc::NameOf(map->op)));
      return true;
    }
    return false;
  }

  // Where exact arithmetic is a way out; returns whether it is.
  bool NoteRounding(Diagnostic& diagnostic) const {
    FractionsFinder fractions(graph_, domains_);
    for (const NodeId id : Reachable(graph_, std::array{id_})) {
      if (graph_.IsSelector(id) || !fractions.IsDecidedByRounding(id)) continue;
      diagnostic.Note(PlaceOf(id),
                      fmt::format("what helps: --arithmetic rational, where floats are exact "
                                  "fractions; on some inputs only the rounding of floats decides "
                                  "{}",
                                  NameInMessage(graph_, id)));
      return true;
    }
    return false;
  }

 private:
  // The s-ops that it is computed from; for a selector, those that its comparisons compare.
  std::vector<NodeId> SOpsOf(NodeId id) const {
    std::vector<NodeId> sops;
    for (const NodeId operand : graph_.OperandsOf(id)) {
      if (!graph_.IsSelector(operand)) {
        sops.push_back(operand);
      } else if (graph_.IsSelector(id)) {
        const std::vector<NodeId> compared = SOpsOf(operand);
        sops.insert(sops.end(), compared.begin(), compared.end());
      }
    }
    return sops;
  }

  bool AllListed(const std::vector<NodeId>& ids) const {
    return std::all_of(ids.begin(), ids.end(), [&](NodeId id) { return domains_[id].is_finite; });
  }

  std::string ReasonOf(NodeId origin) const {
    if (const auto* aggregate = std::get_if<AggregateNode>(&graph_[origin].kind)) {
      const Domain& values = domains_[aggregate->values];
      const bool has_floats = values.MayBe(AtomType::kFloat);
      return fmt::format("it can be the mean of up to {} numbers, each one of {}",
                         domains_.scope.context_length,
                         Counted(values.values.size(), has_floats ? "float" : "value"));
    }
    if (origin == id_) return {};  // the notes name its operands
    std::string sizes;
    double num_rows = 1;
    for (const Feature& feature : FeaturesOf(origin)) {
      const auto size = static_cast<std::size_t>(domains_.SizeOf(feature));
      sizes += fmt::format("{}{} ({})", sizes.empty() ? "" : ", ", NameOf(feature), size);
      num_rows *= static_cast<double>(size);
    }
    return fmt::format("it is a function of {}, which is {:.0f} combinations", sizes, num_rows);
  }

  std::set<Feature> FeaturesOf(NodeId id) const {
    std::set<Feature> features;
    for (const NodeId operand : SOpsOf(id)) {
      const std::vector<Feature> own = domains_.FeaturesOf(graph_, operand);
      features.insert(own.begin(), own.end());
    }
    return features;
  }

  std::string NameOf(const Feature& feature) const {
    switch (feature.kind) {
      case Feature::Kind::kToken:
        return "the token";
      case Feature::Kind::kPosition:
        return "the position";
      case Feature::Kind::kNode:
        return NameInMessage(graph_, feature.node);
    }
    return {};
  }

  // The words of the language speak for themselves, and are used in many places.
  SourceLocation PlaceOf(NodeId id) const {
    return graph_.OperandsOf(id).empty() ? SourceLocation{} : PlaceInMessage(graph_, id);
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  const NodeId id_;
};

// `clause` is about the s-op.
Diagnostic Refusal(const DataflowGraph& graph, const Domains& domains, NodeId id,
                   const std::string& clause) {
  Diagnostic diagnostic;
  diagnostic.kind = ErrorKind::kLimit;
  diagnostic.location = PlaceInMessage(graph, id);
  diagnostic.message = fmt::format("{} {}", NameInMessage(graph, id), clause);
  const Explanation explanation(graph, domains, id);
  explanation.NoteOperands(diagnostic);
  explanation.NoteOrigins(diagnostic);
  const bool is_joinable = explanation.NoteJoinableMeans(diagnostic);
  const bool is_rounded = explanation.NoteRounding(diagnostic);
  diagnostic.Note({}, fmt::format("what helps{}: a smaller vocabulary or maximum length, rounding "
                                  "to fewer values before they are averaged or combined, or a "
                                  "larger --max-domain",
                                  is_joinable || is_rounded ? " otherwise" : ""));
  return diagnostic;
}

}  // namespace

std::string WhyUnlisted(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const NodeId origin = UnlistedOrigin(graph, domains, id);
  return origin == id ? "has more values than can be listed"
                      : fmt::format("depends on {}, which has more values than can be listed",
                                    NameInMessage(graph, origin));
}

Diagnostic TooLarge(const DataflowGraph& graph, const Domains& domains, NodeId id,
                    const std::string& what) {
  return Refusal(graph, domains, id,
                 fmt::format("{}; the limit is {} (--max-domain)", what, domains.scope.max_domain));
}

Diagnostic Undecided(const DataflowGraph& graph, const Domains& domains, NodeId id,
                     std::string_view what_jumps) {
  return Refusal(graph, domains, id,
                 fmt::format("{} with more than {} possible values (--max-domain), and rounding "
                             "error could change the result",
                             what_jumps, domains.scope.max_domain));
}

}  // namespace raspc
