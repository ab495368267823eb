// Image sets by a breadth-first search, then Schreier generators in each component of them.
#include "automata/algebra/image_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/stop.h"

namespace raspc {
namespace {

using StateSet = std::vector<StateId>;

struct ImageSets {
  std::vector<StateSet> sets;
  std::vector<int> next;  // [sets, num_symbols]
};

std::optional<ImageSets> ReachImageSets(const Dfa& dfa, const LanguageLimits& limits,
                                        std::int64_t& num_steps, Diagnostics& diag) {
  ImageSets images;
  std::map<StateSet, int> numbers;
  const auto number_of = [&](const StateSet& set) {
    const auto [at, is_new] = numbers.emplace(set, static_cast<int>(images.sets.size()));
    if (is_new) images.sets.push_back(set);
    return at->second;
  };
  StateSet all(static_cast<std::size_t>(dfa.num_states()));
  std::iota(all.begin(), all.end(), 0);
  number_of(all);
  for (std::size_t i = 0; i < images.sets.size(); ++i) {
    ThrowIfStopped();
    const bool is_too_many = static_cast<std::int64_t>(images.sets.size()) > limits.max_monoid;
    if (is_too_many || num_steps > limits.max_steps) {
      diag.Error(ErrorKind::kLimit, {},
                 is_too_many ? fmt::format("there are more than {} image sets, the limit",
                                           limits.max_monoid)
                             : fmt::format("finding the image sets takes more than {} steps, the "
                                           "limit",
                                           limits.max_steps));
      return std::nullopt;
    }
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      StateSet image = images.sets[i];
      for (StateId& q : image) q = dfa.Next(q, a);
      std::sort(image.begin(), image.end());
      image.erase(std::unique(image.begin(), image.end()), image.end());
      // Sorting and looking up the set count as some eight steps per state.
      num_steps += 8 * static_cast<std::int64_t>(images.sets[i].size());
      images.next.push_back(number_of(image));
    }
  }
  return images;
}

// The group on the first set of a component.
class ComponentGroup {
 public:
  ComponentGroup(const Dfa& dfa, const ImageSets& images, const Components& components)
      : dfa_(dfa), images_(images), components_(components) {}

  ImageGroup Find(int root, std::int64_t& num_steps) {
    const StateSet& points = images_.sets[root];
    Permutation identity(points.size());
    std::iota(identity.begin(), identity.end(), 0);
    // from_root[Y]: for each place of the root, its image in Y along the tree.
    std::map<int, Permutation> from_root = {{root, identity}};
    std::vector<int> order = {root};
    std::set<Permutation> generators;
    for (int pass = 0; pass < 2; ++pass) {  // first the tree, then the other edges
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
          const int to = Next(order[i], a);
          if (components_.of[to] != components_.of[root]) continue;
          if (pass == 0 && from_root.contains(to)) continue;
          num_steps += 8 * static_cast<std::int64_t>(points.size());
          const Permutation moved = Compose(from_root[order[i]], Move(order[i], a, to));
          if (pass == 0) {
            from_root.emplace(to, moved);
            order.push_back(to);
            continue;
          }
          const Permutation loop = Compose(moved, Inverse(from_root[to]));
          if (!IsIdentity(loop)) generators.insert(loop);
        }
      }
    }
    ImageGroup group{points, {generators.begin(), generators.end()}, {}};
    if (!generators.empty()) {
      num_steps +=
          16 * static_cast<std::int64_t>(order.size() * points.size()) * dfa_.num_symbols();
      group.word = FindWord(root, order, from_root);
    }
    return group;
  }

 private:
  int Next(int from, SymbolId a) const {
    return images_
        .next[static_cast<std::size_t>(from) * static_cast<std::size_t>(dfa_.num_symbols()) +
              static_cast<std::size_t>(a)];
  }

  // Of the loops from the root over an edge of the component and back, a shortest one that moves
  // places. If none did, all of Schreier's generators would be trivial: for a tree edge, the way
  // back undoes the way there.
  Word FindWord(int root, const std::vector<int>& order,
                const std::map<int, Permutation>& from_root) const {
    struct Edge {
      int from;
      SymbolId symbol;
    };
    std::map<int, std::vector<Edge>> edges_to;
    std::map<int, Edge> parent;
    for (const int set : order) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        const int to = Next(set, a);
        if (components_.of[to] != components_.of[root]) continue;
        edges_to[to].push_back({set, a});
        if (to != root) parent.emplace(to, Edge{set, a});
      }
    }
    // Ways back by a reverse breadth-first search: the next edge, and the effect of the whole way.
    std::map<int, Edge> towards_root;  // from: the target set of the edge
    std::map<int, Permutation> to_root = {{root, from_root.at(root)}};
    std::map<int, int> length = {{root, 0}};
    std::vector<int> queue = {root};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const int set = queue[i];
      for (const Edge& edge : edges_to[set]) {
        if (to_root.contains(edge.from)) continue;
        to_root.emplace(edge.from, Compose(Move(edge.from, edge.symbol, set), to_root.at(set)));
        towards_root.emplace(edge.from, Edge{set, edge.symbol});
        length.emplace(edge.from, length.at(set) + 1);
        queue.push_back(edge.from);
      }
    }
    const auto word_from_root = [&](int set) {
      Word word;
      for (; set != root; set = parent.at(set).from) word.push_back(parent.at(set).symbol);
      return Word(word.rbegin(), word.rend());
    };
    std::optional<Word> best;
    for (const int set : order) {
      Word there = word_from_root(set);
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        const int to = Next(set, a);
        if (components_.of[to] != components_.of[root]) continue;
        const std::size_t size = there.size() + 1 + static_cast<std::size_t>(length.at(to));
        if (best && size >= best->size()) continue;
        const Permutation loop =
            Compose(Compose(from_root.at(set), Move(set, a, to)), to_root.at(to));
        if (IsIdentity(loop)) continue;
        best = there;
        best->push_back(a);
        for (int at = to; at != root; at = towards_root.at(at).from) {
          best->push_back(towards_root.at(at).symbol);
        }
      }
    }
    return *best;
  }

  // The places in `to` that the places in `from` go to on the symbol. Both have equal sizes.
  Permutation Move(int from, SymbolId a, int to) const {
    const StateSet& target = images_.sets[to];
    Permutation places;
    for (const StateId q : images_.sets[from]) {
      const auto at = std::lower_bound(target.begin(), target.end(), dfa_.Next(q, a));
      places.push_back(static_cast<int>(at - target.begin()));
    }
    return places;
  }

  const Dfa& dfa_;
  const ImageSets& images_;
  const Components& components_;
};

}  // namespace

std::optional<std::vector<ImageGroup>> ImageGroups(const Dfa& dfa, const LanguageLimits& limits,
                                                   Diagnostics& diag) {
  std::int64_t num_steps = 0;
  const std::optional<ImageSets> images = ReachImageSets(dfa, limits, num_steps, diag);
  if (!images) return std::nullopt;
  EdgeList edges;
  const int num_sets = static_cast<int>(images->sets.size());
  for (std::size_t i = 0; i < images->next.size(); ++i) {
    edges.emplace_back(static_cast<int>(i) / dfa.num_symbols(), images->next[i]);
  }
  const Components components = StronglyConnectedComponents(num_sets, edges);
  std::vector<bool> is_done(static_cast<std::size_t>(components.count), false);
  std::vector<ImageGroup> groups;
  ComponentGroup finder(dfa, *images, components);
  for (int set = 0; set < num_sets; ++set) {
    const int component = components.of[set];
    ThrowIfStopped();
    if (is_done[component] || images->sets[set].size() < 2) continue;
    is_done[component] = true;
    groups.push_back(finder.Find(set, num_steps));
    if (num_steps <= limits.max_steps) continue;
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("finding the groups on image sets takes more than {} steps, the limit",
                           limits.max_steps));
    return std::nullopt;
  }
  return groups;
}

GroupSummary Summarise(const std::vector<ImageGroup>& groups, const LanguageLimits& limits) {
  GroupSummary summary;
  summary.is_aperiodic = true;
  summary.is_solvable = true;
  std::set<std::string> names;
  for (const ImageGroup& image : groups) {
    if (image.generators.empty()) continue;
    summary.is_aperiodic = false;
    const int degree = static_cast<int>(image.points.size());
    const std::optional<PermutationGroup> group =
        PermutationGroup::Generate(degree, image.generators, limits.max_steps);
    const auto series = group ? DerivedSeries(*group, limits.max_steps) : std::nullopt;
    if (!series) {
      if (summary.is_solvable == true) summary.is_solvable.reset();
      continue;
    }
    names.insert(GroupName(*group));
    if (series->back().IsTrivial()) continue;
    summary.is_solvable = false;
    if (summary.perfect.empty()) summary.perfect = GroupName(series->back());
  }
  summary.names.assign(names.begin(), names.end());
  return summary;
}

}  // namespace raspc
