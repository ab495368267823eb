#include "compiler/lower/sops/too_large.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "compiler/domains/fractions.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxOrigins = 3;

std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
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
      diagnostic.Note(PlaceOf(operand),
                      fmt::format("{} can have {}", NameInMessage(graph_, operand),
                                  domain.is_finite ? Counted(domain.values.size(), "value")
                                                   : "more values than can be listed"));
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

  // Where exact arithmetic is a way out.
  void NoteRounding(Diagnostic& diagnostic) const {
    FractionsFinder fractions(graph_, domains_);
    for (const NodeId id : Reachable(graph_, std::array{id_})) {
      if (graph_.IsSelector(id) || !fractions.IsDecidedByRounding(id)) continue;
      diagnostic.Note(PlaceOf(id),
                      fmt::format("on some inputs only the rounding of floats decides {}; with "
                                  "--arithmetic rational, floats are exact fractions",
                                  NameInMessage(graph_, id)));
      return;
    }
  }

 private:
  std::vector<NodeId> SOpsOf(NodeId id) const {
    std::vector<NodeId> operands = graph_.OperandsOf(id);
    std::erase_if(operands, [&](NodeId operand) { return graph_.IsSelector(operand); });
    return operands;
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

  // Places in the standard library would only distract.
  SourceLocation PlaceOf(NodeId id) const {
    const SourceLocation& where = graph_[id].location;
    return where.source == graph_[id_].location.source ? where : SourceLocation{};
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  const NodeId id_;
};

}  // namespace

Diagnostic TooLarge(const DataflowGraph& graph, const Domains& domains, NodeId id,
                    const std::string& what) {
  Diagnostic diagnostic;
  diagnostic.kind = ErrorKind::kLimit;
  diagnostic.location = graph[id].location;
  diagnostic.message = fmt::format("{} {}; the limit is {} (--max-domain)",
                                   NameInMessage(graph, id), what, domains.scope.max_domain);
  const Explanation explanation(graph, domains, id);
  explanation.NoteOperands(diagnostic);
  explanation.NoteOrigins(diagnostic);
  explanation.NoteRounding(diagnostic);
  diagnostic.Note({},
                  "what helps: a smaller vocabulary or maximum length, rounding to fewer values "
                  "before they are averaged or combined, or a larger --max-domain");
  return diagnostic;
}

}  // namespace raspc
