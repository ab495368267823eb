// Image sets, their order by size under the monoid, and then the events level by level.
#include "frontends/regular/cascade.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace raspc {
namespace {

using StateSet = std::vector<StateId>;  // ascending
using StateMap = std::vector<StateId>;  // [num_states]: the action of a word

// All images of the full set of states under words, and each single state.
class Images {
 public:
  // False past `max_images`.
  bool Find(const Dfa& dfa, std::int64_t max_images) {
    StateSet all;
    for (StateId q = 0; q < dfa.num_states(); ++q) all.push_back(q);
    Add(all);
    for (StateId q = 0; q < dfa.num_states(); ++q) Add({q});
    for (int i = 0; i < size(); ++i) {
      if (size() > max_images) return false;
      next_.emplace_back();
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        next_.back().push_back(Add(Apply(dfa, sets_[static_cast<std::size_t>(i)], a)));
      }
    }
    return true;
  }

  int size() const { return static_cast<int>(sets_.size()); }
  const StateSet& operator[](int i) const { return sets_[static_cast<std::size_t>(i)]; }
  bool IsSingle(int i) const { return (*this)[i].size() == 1; }
  int Next(int i, SymbolId a) const {
    return next_[static_cast<std::size_t>(i)][static_cast<std::size_t>(a)];
  }
  int NumberOf(const StateSet& set) const { return number_.at(set); }
  int NumberOf(int i, const StateMap& map) const {
    StateSet result;
    for (const StateId q : (*this)[i]) result.push_back(map[static_cast<std::size_t>(q)]);
    Normalise(result);
    return NumberOf(result);
  }
  bool IsSubset(int i, int j) const {
    const StateSet &a = (*this)[i], &b = (*this)[j];
    return std::includes(b.begin(), b.end(), a.begin(), a.end());
  }

 private:
  static void Normalise(StateSet& set) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  static StateSet Apply(const Dfa& dfa, const StateSet& set, SymbolId a) {
    StateSet result;
    for (const StateId q : set) result.push_back(dfa.Next(q, a));
    Normalise(result);
    return result;
  }
  int Add(const StateSet& set) {
    const auto [at, is_new] = number_.try_emplace(set, size());
    if (is_new) sets_.push_back(set);
    return at->second;
  }

  std::vector<StateSet> sets_;
  std::map<StateSet, int> number_;
  std::vector<std::vector<int>> next_;  // [size][num_symbols]
};

// Heights, classes, representatives and tiles.
class Holonomy {
 public:
  Holonomy(const Dfa& dfa, const Images& images) : dfa_(dfa), images_(images) {
    const auto size = static_cast<std::size_t>(images.size());
    EdgeList edges;
    for (int i = 0; i < images.size(); ++i) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) edges.emplace_back(i, images.Next(i, a));
    }
    class_ = StronglyConnectedComponents(images.size(), edges);
    representative_.assign(static_cast<std::size_t>(class_.count), -1);
    for (int i = images.size() - 1; i >= 0; --i) {
      representative_[static_cast<std::size_t>(ClassOf(i))] = i;
    }
    FindHeights(edges);
    tiles_.resize(size);
    to_.resize(size);
    from_.resize(size);
    for (int i = 0; i < images.size(); ++i) {
      if (images.IsSingle(i)) continue;
      FindTiles(i);
      FindMaps(i);
    }
  }

  int Height(int i) const { return height_[static_cast<std::size_t>(i)]; }
  int ClassOf(int i) const { return class_.of[static_cast<std::size_t>(i)]; }
  int RepresentativeOf(int i) const {
    return representative_[static_cast<std::size_t>(ClassOf(i))];
  }
  // Of the representative: its tiles, ascending.
  const std::vector<int>& TilesOfClass(int i) const {
    return tiles_[static_cast<std::size_t>(RepresentativeOf(i))];
  }
  // The tile of set i that corresponds to a tile of the representative.
  int TileOf(int i, int place) const {
    return images_.NumberOf(TilesOfClass(i)[static_cast<std::size_t>(place)],
                            to_[static_cast<std::size_t>(i)]);
  }
  // The index among the representative's tiles of a tile of set i.
  int PlaceOf(int i, int tile) const {
    const int at_representative = images_.NumberOf(tile, from_[static_cast<std::size_t>(i)]);
    const std::vector<int>& tiles = TilesOfClass(i);
    return static_cast<int>(std::find(tiles.begin(), tiles.end(), at_representative) -
                            tiles.begin());
  }
  // The index of the first tile of set i that contains set j.
  int PlaceHolding(int i, int j) const {
    for (const int tile : tiles_[static_cast<std::size_t>(i)]) {
      if (images_.IsSubset(j, tile)) return PlaceOf(i, tile);
    }
    return -1;  // tiles cover every smaller image set
  }
  // The permutation of tiles under symbol a, where it leads set i to set j of the same class.
  Permutation Permute(int i, SymbolId a, int j) const {
    Permutation result;
    for (std::size_t place = 0; place < TilesOfClass(i).size(); ++place) {
      const int tile = TileOf(i, static_cast<int>(place));
      const int moved = a < dfa_.num_symbols() ? images_.Next(tile, a) : tile;
      result.push_back(PlaceOf(j, moved));
    }
    return result;
  }

 private:
  // Set i is below set j if it lies in an image of j. Heights are longest chains of classes.
  void FindHeights(const EdgeList& edges) {
    const int size = images_.size();
    std::vector<std::vector<bool>> below(static_cast<std::size_t>(size));  // [class][class]
    for (int c = 0; c < class_.count; ++c) {
      const int r = representative_[static_cast<std::size_t>(c)];
      const std::vector<bool> reach = Reachable(size, edges, {r});
      std::vector<bool>& row = below[static_cast<std::size_t>(c)];
      row.resize(static_cast<std::size_t>(class_.count));
      for (int j = 0; j < size; ++j) {
        for (int i = 0; reach[static_cast<std::size_t>(j)] && i < size; ++i) {
          if (images_.IsSubset(i, j)) row[static_cast<std::size_t>(ClassOf(i))] = true;
        }
      }
    }
    std::vector<int> of_class(static_cast<std::size_t>(class_.count), -1);
    height_.resize(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) {
      height_[static_cast<std::size_t>(i)] = HeightOfClass(ClassOf(i), below, of_class);
    }
  }

  int HeightOfClass(int c, const std::vector<std::vector<bool>>& below, std::vector<int>& known) {
    int& height = known[static_cast<std::size_t>(c)];
    if (height >= 0) return height;
    if (images_.IsSingle(representative_[static_cast<std::size_t>(c)])) return height = 0;
    int most = 0;
    for (int d = 0; d < class_.count; ++d) {
      const bool is_below = below[static_cast<std::size_t>(c)][static_cast<std::size_t>(d)] &&
                            d != c &&
                            !below[static_cast<std::size_t>(d)][static_cast<std::size_t>(c)];
      if (is_below) most = std::max(most, HeightOfClass(d, below, known));
    }
    return known[static_cast<std::size_t>(c)] = most + 1;
  }

  // The maximal image sets inside, larger ones first, else in the order they were found.
  void FindTiles(int i) {
    std::vector<int> inside;
    for (int j = 0; j < images_.size(); ++j) {
      if (j != i && images_.IsSubset(j, i)) inside.push_back(j);
    }
    for (const int j : inside) {
      const bool is_largest = std::none_of(inside.begin(), inside.end(),
                                           [&](int k) { return k != j && images_.IsSubset(j, k); });
      if (is_largest) tiles_[static_cast<std::size_t>(i)].push_back(j);
    }
  }

  // Words between the representative R and set i, as maps that are inverse to each other there.
  void FindMaps(int i) {
    const int r = RepresentativeOf(i);
    const StateMap s = WordBetween(r, i), w = WordBetween(i, r);
    StateMap back = w;
    // s w permutes R; w (s w)^(k-1) undoes s, where k is its order.
    for (;;) {
      const StateMap round = Then(s, back);
      const bool is_undone = std::all_of(images_[r].begin(), images_[r].end(), [&](StateId q) {
        return round[static_cast<std::size_t>(q)] == q;
      });
      if (is_undone) break;
      back = Then(back, Then(s, w));
    }
    to_[static_cast<std::size_t>(i)] = s;
    from_[static_cast<std::size_t>(i)] = back;
  }

  static StateMap Then(const StateMap& first, const StateMap& second) {
    StateMap result;
    for (const StateId q : first) result.push_back(second[static_cast<std::size_t>(q)]);
    return result;
  }

  // The map of a shortest word that leads one set to another of its class.
  StateMap WordBetween(int from, int to) const {
    StateMap identity;
    for (StateId q = 0; q < dfa_.num_states(); ++q) identity.push_back(q);
    std::map<int, StateMap> found{{from, identity}};
    std::vector<int> queue{from};
    for (std::size_t next = 0; next < queue.size() && !found.contains(to); ++next) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        const int image = images_.Next(queue[next], a);
        if (found.contains(image)) continue;
        StateMap map = found[queue[next]];
        for (StateId& q : map) q = dfa_.Next(q, a);
        found.emplace(image, std::move(map));
        queue.push_back(image);
      }
    }
    return found.at(to);
  }

  const Dfa& dfa_;
  const Images& images_;
  Components class_;
  std::vector<int> representative_;  // by class
  std::vector<int> height_;
  std::vector<std::vector<int>> tiles_;
  std::vector<StateMap> to_, from_;  // from the representative, and back
};

// An event by the numbers of its sets.
struct Event {
  SymbolId symbol;
  int before, after;
  auto operator<=>(const Event&) const = default;
};

class CascadeBuilder {
 public:
  CascadeBuilder(const Dfa& dfa, const Images& images, std::int64_t max_rows)
      : dfa_(dfa), images_(images), sets_(dfa, images), max_rows_(max_rows) {}

  std::optional<Cascade> Build(Diagnostics& diag) {
    Cascade cascade;
    std::vector<Event> events;
    for (SymbolId a = 0; a <= dfa_.num_symbols(); ++a) events.push_back({a, 0, 0});
    int chain = 0;  // the set that contains the initial state
    for (int height = sets_.Height(0); height > 0; --height) {
      const bool is_used = std::any_of(events.begin(), events.end(), [&](const Event& event) {
        return sets_.Height(event.before) == height || sets_.Height(event.after) == height;
      });
      if (!is_used) continue;
      CascadeLevel level = MakeLevel(height, events, chain);
      num_rows_ += static_cast<std::int64_t>(events.size()) * level.num_tiles();
      if (num_rows_ > max_rows_) {
        diag.Error(ErrorKind::kLimit, {},
                   fmt::format("the cascade takes more than {} table rows, the limit", max_rows_));
        return std::nullopt;
      }
      events = Descend(height, events, level);
      cascade.levels.push_back(std::move(level));
    }
    for (const Event& event : events) cascade.bottom.push_back(Shown(event));
    return cascade;
  }

 private:
  CascadeEvent Shown(const Event& event) const {
    return {event.symbol, images_[event.before], images_[event.after]};
  }

  CascadeLevel MakeLevel(int height, const std::vector<Event>& events, int& chain) {
    CascadeLevel level;
    level.block_start = {0};
    block_.clear();
    for (const Event& event : events) {
      for (const int set : {event.before, event.after}) {
        if (sets_.Height(set) != height) continue;
        const auto number = static_cast<int>(block_.size());
        if (!block_.try_emplace(sets_.ClassOf(set), number).second) continue;
        level.block_start.push_back(level.num_tiles() +
                                    static_cast<int>(sets_.TilesOfClass(set).size()));
      }
    }
    level.permutations.resize(block_.size());
    for (const Event& event : events) {
      level.events.push_back(Shown(event));
      level.moves.push_back(MoveOf(height, event, level));
    }
    if (sets_.Height(chain) == height) {
      const int place = sets_.PlaceHolding(chain, images_.NumberOf({dfa_.start}));
      level.initial = StartOf(level, chain) + place;
      chain = sets_.TileOf(chain, place);
    }
    return level;
  }

  int BlockOf(int set) const { return block_.at(sets_.ClassOf(set)); }
  int StartOf(const CascadeLevel& level, int set) const {
    return level.block_start[static_cast<std::size_t>(BlockOf(set))];
  }

  TileMove MoveOf(int height, const Event& event, CascadeLevel& level) {
    TileMove move;
    if (sets_.Height(event.after) != height) return move;
    const int image =
        event.symbol < dfa_.num_symbols() ? images_.Next(event.before, event.symbol) : event.before;
    if (image != event.after) {
      move.kind = TileMove::Kind::kReset;
      move.tile = StartOf(level, event.after) + sets_.PlaceHolding(event.after, image);
      return move;
    }
    move.kind = TileMove::Kind::kPermute;
    move.block = BlockOf(event.after);
    move.permutation = sets_.Permute(event.before, event.symbol, event.after);
    std::vector<Permutation>& known = level.permutations[static_cast<std::size_t>(move.block)];
    if (!IsIdentity(move.permutation) &&
        std::find(known.begin(), known.end(), move.permutation) == known.end()) {
      known.push_back(move.permutation);
    }
    return move;
  }

  // The events of the level below, and the one that follows from each tile.
  std::vector<Event> Descend(int height, const std::vector<Event>& events, CascadeLevel& level) {
    std::map<Event, int> number;
    std::vector<Event> below;
    for (std::size_t e = 0; e < events.size(); ++e) {
      std::vector<int> row;
      for (int tile = 0; tile < level.num_tiles(); ++tile) {
        const Event next = Below(height, events[e], level.moves[e], tile, level);
        const auto [at, is_new] = number.try_emplace(next, static_cast<int>(below.size()));
        if (is_new) below.push_back(next);
        row.push_back(at->second);
      }
      level.below.push_back(std::move(row));
    }
    return below;
  }

  Event Below(int height, const Event& event, const TileMove& move, int tile,
              const CascadeLevel& level) const {
    Event below = event;
    int place = 0;
    if (sets_.Height(event.before) == height) {
      // A tile of another class is impossible: the last of this one is used for it.
      const int block = BlockOf(event.before);
      const int start = StartOf(level, event.before);
      const int end = level.block_start[static_cast<std::size_t>(block) + 1];
      place = std::clamp(tile, start, end - 1) - start;
      below.before = sets_.TileOf(event.before, place);
    }
    if (move.kind == TileMove::Kind::kReset) {
      below.after = sets_.TileOf(event.after, move.tile - StartOf(level, event.after));
    } else if (move.kind == TileMove::Kind::kPermute) {
      below.after = sets_.TileOf(event.after, move.permutation[static_cast<std::size_t>(place)]);
    }
    return below;
  }

  const Dfa& dfa_;
  const Images& images_;
  Holonomy sets_;
  std::int64_t max_rows_, num_rows_ = 0;
  std::map<int, int> block_;  // by class, on the current level
};

}  // namespace

std::optional<Cascade> HolonomyCascade(const Dfa& dfa, std::int64_t max_images,
                                       std::int64_t max_rows, Diagnostics& diag) {
  Images images;
  if (!images.Find(dfa, max_images)) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("the automaton has more than {} image sets, the limit for a cascade",
                           max_images));
    return std::nullopt;
  }
  return CascadeBuilder(dfa, images, max_rows).Build(diag);
}

}  // namespace raspc
