// A cascade of permutations and resets as a program of constant depth (Krohn, Rhodes 1965; as a
// transformer: Liu et al. 2023, theorem 2).
//
// All levels have the state before a position's own symbol, so that nothing has to be shifted: the
// action of a level at a position depends on the symbol there and the levels above, and its own
// tile comes from its actions at earlier positions. A level without permutations has the tile of
// the last reset: resets are numbered by counting, and the one numbered with the count so far is
// gathered. A level with a group also has the running product G of its permutations, and the tile
// of the last reset, moved back by the G there and forward by the G here.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "automata/algebra/image_groups.h"
#include "frontends/regular/cascade.h"
#include "frontends/regular/construction.h"
#include "frontends/regular/group_series.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxImages = 500;
constexpr std::size_t kMaxGroup = 2'000;

std::string SetName(const std::vector<StateId>& set, int num_states) {
  return fmt::format("{}", fmt::join(set, num_states <= 10 ? "" : "."));
}
std::string TileName(int tile) { return fmt::format("t{}", tile); }

// `p120`: the images of the places 0, 1, 2.
std::string PermutationName(const Permutation& p) {
  return fmt::format("p{}", fmt::join(p, p.size() <= 10 ? "" : "."));
}

// The running product of an s-op's permutations, excluding a position's own.
class ProductWriter {
 public:
  ProductWriter(const std::vector<AbelianQuotient>& series, RaspWriter& writer)
      : series_(series), w_(writer) {}

  // `element` holds names of permutations, those in `used`. Assigns `name`, and returns it.
  Expr Write(const std::string& name, const Expr& element, const std::set<Permutation>& used) {
    return WriteStep(0, name, element, used);
  }

 private:
  Expr WriteStep(std::size_t step, const std::string& name, const Expr& element,
                 const std::set<Permutation>& used) {
    const AbelianQuotient& quotient = series_[step];
    const Expr coset = WriteCoset(quotient, name, element, used);
    std::vector<std::string> representatives;
    for (const Permutation& p : quotient.representatives) {
      representatives.push_back(PermutationName(p));
    }
    if (step + 1 == series_.size()) return w_.Assign(name, TextsOf(representatives)[coset]);
    const Expr so_far = w_.Assign(name + "_coset", TextsOf(representatives)[coset]);
    // The factor as an element of the subgroup.
    RaspWriter::Rows rows;
    std::set<Permutation> inner_used;
    for (const Permutation& x : used) {
      for (int c = 0; c < quotient.num_cosets(); ++c) {
        const Permutation& t = quotient.representatives[static_cast<std::size_t>(c)];
        const int after = quotient.Add(c, quotient.coset.at(x));
        const Permutation rest = Compose(
            Compose(t, x), Inverse(quotient.representatives[static_cast<std::size_t>(after)]));
        inner_used.insert(rest);
        rows.emplace_back(PermutationName(x) + " " + PermutationName(t), PermutationName(rest));
      }
    }
    const Expr factor = w_.AssignByTable(name + "_factor", rows, element + " " + so_far);
    const Expr inner = WriteStep(step + 1, name + "_inner", factor, inner_used);
    rows.clear();
    for (const Permutation& n : series_[step + 1].elements) {
      for (const Permutation& t : quotient.representatives) {
        rows.emplace_back(PermutationName(n) + " " + PermutationName(t),
                          PermutationName(Compose(n, t)));
      }
    }
    return w_.AssignByTable(name, rows, inner + " " + so_far);
  }

  // The packed coset of the product of all earlier elements.
  Expr WriteCoset(const AbelianQuotient& quotient, const std::string& name, const Expr& element,
                  const std::set<Permutation>& used) {
    std::vector<Expr> packed;
    int unit = 1;
    for (std::size_t m = 0; m < quotient.orders.size(); ++m) {
      const std::string sum_name =
          quotient.orders.size() == 1 ? name + "_sum" : fmt::format("{}_sum_{}", name, m + 1);
      const Expr sum = WriteSum(quotient, m, sum_name, element, used);
      packed.push_back(unit == 1 ? sum : unit * sum);
      unit *= quotient.orders[m];
    }
    return SumOf(packed);
  }

  // The sum of one exponent over all earlier elements, modulo its order: the weighted number of
  // those with each bit of it, or each value, if these are fewer.
  Expr WriteSum(const AbelianQuotient& quotient, std::size_t factor, const std::string& name,
                const Expr& element, const std::set<Permutation>& used) {
    const int order = quotient.orders[factor];
    std::map<int, std::vector<std::string>> by_value, by_bit;
    for (const Permutation& x : used) {
      const int exponent = quotient.Exponents(quotient.coset.at(x))[factor];
      if (exponent != 0) by_value[exponent].push_back(PermutationName(x));
      for (int bit = 1; bit <= exponent; bit *= 2) {
        if ((exponent & bit) != 0) by_bit[bit].push_back(PermutationName(x));
      }
    }
    const auto& parts = by_bit.size() < by_value.size() ? by_bit : by_value;
    std::vector<Expr> summands;
    int largest = 0;
    for (const auto& [weight, names] : parts) {
      const Expr is_counted = SelectWhere(In(element, TextsOf(names)));
      const Expr count = w_.Assign(fmt::format("{}_num_{}", name, weight),
                                   SelectorWidth(And(Var("before"), is_counted)));
      const int period = order / std::gcd(order, weight);
      largest += weight * (period - 1);
      summands.push_back(weight == 1 ? count % period : weight * (count % period));
    }
    const Expr sum = SumOf(summands);
    return w_.Assign(name, largest >= order ? sum % order : sum);
  }

  const std::vector<AbelianQuotient>& series_;
  RaspWriter& w_;
};

// The kind of a level, ignoring the end marker.
struct LevelKind {
  bool resets = false, permutes = false, holds = false;
};

class CascadeWriter {
 public:
  CascadeWriter(const Dfa& dfa, const TokenNames& names, const Cascade& cascade,
                GeneratedProgram& body)
      : dfa_(dfa), names_(names), cascade_(cascade), body_(body), w_(body.statements) {}

  // False if a group is too large.
  bool Write() {
    w_.Assign("before", SelectBefore());
    w_.Assign("up_to_here", SelectUpToHere());
    w_.Blank();
    w_.Comment(
        "An event is a symbol with the states possible before it and after it, as far as the "
        "levels above determine them. Above the first level all states are possible.");
    RaspWriter::Rows rows;
    for (const CascadeEvent& event : cascade_.levels[0].events) {
      rows.emplace_back(SymbolOf(event), EventName(event));
    }
    w_.AssignByTable("event_1", rows, Tokens());
    for (std::size_t i = 0; i < cascade_.levels.size(); ++i) {
      if (!WriteLevel(cascade_.levels[i], i + 1)) return false;
      if (i + 1 < cascade_.levels.size()) WriteDescent(cascade_.levels[i], i + 1);
    }
    WriteVerdict();
    return true;
  }

  // Names of the non-trivial groups, and the number of levels that read only one position.
  const std::set<std::string>& groups() const { return groups_; }

 private:
  const std::string& SymbolOf(const CascadeEvent& event) const {
    return event.symbol < dfa_.num_symbols() ? dfa_.alphabet.Symbol(event.symbol) : names_.end;
  }
  std::string EventName(const CascadeEvent& event) const {
    return fmt::format("{} {}>{}", SymbolOf(event), SetName(event.before, dfa_.num_states()),
                       SetName(event.after, dfa_.num_states()));
  }

  static Expr Event(std::size_t k) { return Var(fmt::format("event_{}", k)); }
  static Expr EventAndTile(std::size_t k) {
    return Event(k) + " " + Var(fmt::format("tile_{}", k));
  }

  LevelKind KindOf(const CascadeLevel& level) const {
    LevelKind kind;
    for (std::size_t e = 0; e < level.events.size(); ++e) {
      if (level.events[e].symbol == dfa_.num_symbols()) continue;
      const TileMove& move = level.moves[e];
      kind.resets |= move.kind == TileMove::Kind::kReset;
      if (move.kind == TileMove::Kind::kPermute) {
        (IsIdentity(move.permutation) ? kind.holds : kind.permutes) = true;
      }
    }
    return kind;
  }

  // Assigns `tile_k`, the level's tile before a position's symbol.
  bool WriteLevel(const CascadeLevel& level, std::size_t k) {
    const LevelKind kind = KindOf(level);
    w_.Blank();
    const std::string tile = fmt::format("tile_{}", k);
    const Expr initial = TileName(level.initial);
    if (!kind.resets && !kind.permutes) {
      w_.Comment(fmt::format("Level {} never changes.", k));
      w_.Assign(tile, If(Indices() >= 0, initial, initial));
      return true;
    }
    w_.Comment(fmt::format("Level {}: {}.", k,
                           !kind.resets    ? "a group"
                           : kind.permutes ? "resets and a group"
                           : kind.holds    ? "resets, or keeps its tile"
                                           : "every symbol resets it"));
    Products products;
    int group_depth = 0;
    if (kind.permutes && !WriteProducts(level, k, products, group_depth)) return false;
    if (!kind.resets) {
      body_.depth += group_depth;
      WriteMoved(level, products, tile, initial, /*inverse=*/false);
      return true;
    }
    const Expr reset = WriteResets(level, k);
    if (!kind.permutes && !kind.holds) {
      body_.depth += 1;
      w_.Assign(tile, ValueAt(Indices() - 1, reset, initial));
      return true;
    }
    body_.depth += std::max(1, group_depth) + 1;
    const Expr last_reset = WriteLastReset(level, k);
    if (products.empty()) {
      w_.Assign(tile, Aggregate(last_reset, reset, initial));
      return true;
    }
    const Expr base =
        WriteMoved(level, products, fmt::format("base_{}", k), reset, /*inverse=*/true);
    const Expr base_here =
        w_.Assign(fmt::format("base_here_{}", k), Aggregate(last_reset, base, initial));
    WriteMoved(level, products, tile, base_here, /*inverse=*/false);
    return true;
  }

  Expr WriteResets(const CascadeLevel& level, std::size_t k) {
    RaspWriter::Rows rows;
    for (std::size_t e = 0; e < level.events.size(); ++e) {
      const TileMove& move = level.moves[e];
      const bool is_reset = move.kind == TileMove::Kind::kReset;
      rows.emplace_back(EventName(level.events[e]), TileName(is_reset ? move.tile : level.initial));
    }
    return w_.AssignByTable(fmt::format("reset_to_{}", k), rows, Event(k));
  }

  Expr WriteLastReset(const CascadeLevel& level, std::size_t k) {
    std::vector<std::string> resets;
    for (std::size_t e = 0; e < level.events.size(); ++e) {
      if (level.moves[e].kind == TileMove::Kind::kReset) {
        resets.push_back(EventName(level.events[e]));
      }
    }
    const Expr before = Var("before"), up_to_here = Var("up_to_here");
    const Expr is_reset =
        w_.Assign(fmt::format("is_reset_{}", k), SelectWhere(In(Event(k), TextsOf(resets))));
    const Expr num_resets =
        w_.Assign(fmt::format("num_resets_{}", k), SelectorWidth(And(before, is_reset)));
    const Expr number =
        w_.Assign(fmt::format("number_{}", k), SelectorWidth(And(up_to_here, is_reset)));
    return w_.Assign(fmt::format("last_reset_{}", k),
                     And(Select(number, num_resets), is_reset, before));
  }

  // By block: its running product, if it has a group.
  using Products = std::vector<std::optional<Expr>>;

  bool WriteProducts(const CascadeLevel& level, std::size_t k, Products& products, int& depth) {
    products.assign(level.permutations.size(), std::nullopt);
    series_.clear();
    for (int b = 0; b < level.num_blocks(); ++b) {
      const auto at = static_cast<std::size_t>(b);
      const std::vector<Permutation>& generators = level.permutations[at];
      const int degree = level.block_start[at + 1] - level.block_start[at];
      auto series = AbelianQuotients(degree, generators, kMaxGroup);
      if (!series) return false;
      series_.push_back(*series);
      if (series->empty()) continue;
      if (const auto group = PermutationGroup::Generate(degree, generators, kMaxSteps)) {
        groups_.insert(GroupName(*group));
      }
      depth = std::max(depth, static_cast<int>(series->size()));
      const std::string suffix =
          level.num_blocks() == 1 ? fmt::format("{}", k) : fmt::format("{}_{}", k, b + 1);
      RaspWriter::Rows rows;
      std::set<Permutation> used;
      for (std::size_t e = 0; e < level.events.size(); ++e) {
        const TileMove& move = level.moves[e];
        const bool moves = move.kind == TileMove::Kind::kPermute && move.block == b;
        const Permutation& p = moves ? move.permutation : series->front().elements.front();
        used.insert(p);
        rows.emplace_back(EventName(level.events[e]), PermutationName(p));
      }
      const Expr turn = w_.AssignByTable("turn_" + suffix, rows, Event(k));
      products[at] = ProductWriter(series_.back(), w_).Write("product_" + suffix, turn, used);
    }
    return true;
  }

  // `from`, an expression of tiles, moved by the products, or back, as `to`. Each product moves the
  // tiles of its own block, all in one table if that is small.
  Expr WriteMoved(const CascadeLevel& level, const Products& products, const std::string& to,
                  Expr from, bool inverse) {
    constexpr std::size_t kMaxRows = 400;
    std::vector<Mover> movers;
    for (std::size_t b = 0; b < products.size(); ++b) {
      if (!products[b]) continue;
      movers.push_back({level.block_start[b], *products[b], series_[b].front().elements});
    }
    auto num_rows = static_cast<std::size_t>(level.num_tiles());
    for (const Mover& mover : movers) num_rows *= mover.elements.size();
    if (num_rows <= kMaxRows) return WriteMovers(level.num_tiles(), movers, to, from, inverse);
    for (const Mover& mover : movers) {
      from = WriteMovers(level.num_tiles(), {mover}, to, from, inverse);
    }
    return from;
  }

  // A product that moves the tiles from `start` on.
  struct Mover {
    int start;
    Expr product;
    std::vector<Permutation> elements;
  };

  Expr WriteMovers(int num_tiles, const std::vector<Mover>& movers, const std::string& to,
                   const Expr& from, bool inverse) {
    struct Row {
      std::string key;
      int tile;
    };
    std::vector<Row> rows;
    for (int tile = 0; tile < num_tiles; ++tile) rows.push_back({TileName(tile), tile});
    Expr key = from;
    for (const Mover& mover : movers) {
      key = key + " " + mover.product;
      std::vector<Row> longer;
      for (const Row& row : rows) {
        for (const Permutation& g : mover.elements) {
          const Permutation p = inverse ? Inverse(g) : g;
          const int place = row.tile - mover.start;
          const bool is_inside = place >= 0 && place < static_cast<int>(p.size());
          longer.push_back(
              {row.key + " " + PermutationName(g),
               is_inside ? mover.start + p[static_cast<std::size_t>(place)] : row.tile});
        }
      }
      rows = std::move(longer);
    }
    RaspWriter::Rows table;
    for (const Row& row : rows) table.emplace_back(row.key, TileName(row.tile));
    return w_.AssignByTable(to, table, key);
  }

  void WriteDescent(const CascadeLevel& level, std::size_t k) {
    const CascadeLevel& lower = cascade_.levels[k];
    RaspWriter::Rows rows;
    for (std::size_t e = 0; e < level.events.size(); ++e) {
      for (int tile = 0; tile < level.num_tiles(); ++tile) {
        const int below = level.below[e][static_cast<std::size_t>(tile)];
        rows.emplace_back(EventName(level.events[e]) + " " + TileName(tile),
                          EventName(lower.events[static_cast<std::size_t>(below)]));
      }
    }
    w_.AssignByTable(fmt::format("event_{}", k + 1), rows, EventAndTile(k));
  }

  void WriteVerdict() {
    const std::size_t k = cascade_.levels.size();
    const CascadeLevel& level = cascade_.levels.back();
    std::vector<std::string> accepting;
    for (std::size_t e = 0; e < level.events.size(); ++e) {
      if (level.events[e].symbol != dfa_.num_symbols()) continue;
      for (int tile = 0; tile < level.num_tiles(); ++tile) {
        const int below = level.below[e][static_cast<std::size_t>(tile)];
        const StateId q = cascade_.bottom[static_cast<std::size_t>(below)].before[0];
        if (dfa_.accepting[q]) {
          accepting.push_back(EventName(level.events[e]) + " " + TileName(tile));
        }
      }
    }
    w_.Blank();
    w_.Comment("The lowest level determines the state.");
    w_.Assign("accept", In(EventAndTile(k), TextsOf(accepting)));
  }

  static constexpr std::int64_t kMaxSteps = 10'000'000;

  const Dfa& dfa_;
  const TokenNames& names_;
  const Cascade& cascade_;
  GeneratedProgram& body_;
  RaspWriter& w_;
  std::vector<std::vector<AbelianQuotient>> series_;  // by block, of the current level
  std::set<std::string> groups_;
};

}  // namespace

std::optional<GeneratedProgram> ByCascade(const Dfa& dfa, const TokenNames& names,
                                          const GeneratedProgramOptions& options,
                                          Diagnostics& diag) {
  const std::optional<Cascade> cascade = HolonomyCascade(dfa, kMaxImages, options.max_rows, diag);
  if (!cascade) return std::nullopt;
  GeneratedProgram body;
  body.header.reduce_counts_first = true;
  CascadeWriter writer(dfa, names, *cascade, body);
  if (!writer.Write()) {
    diag.Error(
        ErrorKind::kLimit, {},
        fmt::format("the cascade has a group of more than {} elements, the limit", kMaxGroup));
    return std::nullopt;
  }
  // No table of the program is too large by itself, but several are not merged into one.
  body.header.max_domain = std::max(kSmallDomain, body.statements.largest_table());
  const std::size_t levels = cascade->levels.size();
  body.construction =
      fmt::format("a cascade of {} level{}, {}", levels, levels == 1 ? "" : "s",
                  writer.groups().empty()
                      ? "resets only"
                      : fmt::format("with the groups {}", fmt::join(writer.groups(), ", ")));
  body.explanation =
      "The possible states are narrowed down level by level. Each level determines which of a few "
      "subsets, its tiles, contains the state; a symbol permutes the tiles or resets them to one, "
      "depending on the levels above (the holonomy form of the Krohn-Rhodes decomposition).";
  return body;
}

}  // namespace raspc
