// Adding nodes to the graph, trying them out, and reporting failures.
#include <algorithm>
#include <limits>
#include <utility>

#include "base/stop.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxCallNotes = 6;

}  // namespace

NodeId Tracer::Add(NodeKind kind, const SourceLocation& location) {
  const NodeId id = graph_.Add(std::move(kind), UserLocation(location));
  NoteUse(id, location);
  if (graph_.size() > options_.limits.max_nodes) {
    Fail(ErrorKind::kLimit, location,
         fmt::format("the program computes more than {} different s-ops and selectors",
                     options_.limits.max_nodes));
  }
  return id;
}

void Tracer::NoteUse(NodeId id, const SourceLocation& location) {
  if (!IsInLibrary(graph_[id].location)) return;
  const SourceLocation use = UserLocation(location);
  if (!IsInLibrary(use)) graph_.Use(id, use);
}

// A node that only the library computes, such as a part of `length`, is used where its first user
// is. Users come after their operands.
void Tracer::NoteUsesOfParts() {
  std::vector<SourceLocation> places(static_cast<std::size_t>(graph_.size()));
  for (int i = graph_.size(); i-- > 0;) {
    const NodeId id{i};
    const SourceLocation& own = PlaceInMessage(graph_, id);
    SourceLocation& place = places[static_cast<std::size_t>(i)];
    if (!IsInLibrary(own)) place = own;
    if (!place.IsKnown()) continue;
    if (IsInLibrary(graph_[id].location)) graph_.Use(id, place);
    for (const NodeId operand : graph_.OperandsOf(id)) {
      places[static_cast<std::size_t>(operand.value)] = place;
    }
  }
}

void Tracer::NoteText(const Expression& expression, std::optional<NodeId> value) {
  const bool in_library = IsInLibrary(expression.location);
  const int level = static_cast<int>(calls_.size()) + (in_library ? kHiddenLevel : 0);
  text_levels_.resize(static_cast<std::size_t>(graph_.size()), std::numeric_limits<int>::max());
  const bool is_better = value && level < text_levels_[static_cast<std::size_t>(value->value)];
  if (!is_better && num_noted_ == graph_.size()) return;

  std::string text = ShortText(expression);
  // Inside a function of the library, it is part of the call that the user wrote.
  const auto call = std::find_if(calls_.begin(), calls_.end(), [&](const ActiveCall& active) {
    return active.function->in_library;
  });
  if (in_library && call != calls_.end()) {
    text += " in " + call->function->definition->name;
  }
  const auto note = [&](NodeId id, int level_of_text) {
    int& known = text_levels_[static_cast<std::size_t>(id.value)];
    if (level_of_text >= known) return;
    known = level_of_text;
    graph_.Write(id, text);
  };
  if (is_better) note(*value, level);
  // The rest is part of the operation.
  for (; num_noted_ < graph_.size(); ++num_noted_) note(NodeId{num_noted_}, kHiddenLevel + level);
}

NodeId Tracer::AddMap(MapOp op, std::vector<NodeId> operands, const SourceLocation& location,
                      std::shared_ptr<const MapTable> table) {
  return Add(MapNode{op, std::move(operands), std::move(table)}, location);
}

NodeId Tracer::AddConstant(Atom value, const SourceLocation& location) {
  return Add(ConstantNode{std::move(value)}, location);
}

// select(1, 1, ==), the node that the library's full_s is.
NodeId Tracer::AddFullSelector(const SourceLocation& location) {
  const NodeId one = AddConstant(std::int64_t{1}, location);
  return Add(SelectNode{Comparison::kEqual, one, one}, location);
}

// round(1 / aggregate(full_s, indicator(indices == 0))), the node that the library's length is.
NodeId Tracer::AddLength(const SourceLocation& location) {
  const NodeId full = AddFullSelector(location);
  const NodeId indices = Add(IndicesNode{}, location);
  const NodeId zero = AddConstant(std::int64_t{0}, location);
  const NodeId is_first =
      AddMap(MapOp::kIndicator, {AddMap(MapOp::kEqual, {indices, zero}, location)}, location);
  const NodeId share = Add(AggregateNode{full, is_first, std::nullopt}, location);
  const NodeId one = AddConstant(std::int64_t{1}, location);
  return AddMap(MapOp::kRound, {AddMap(MapOp::kDivide, {one, share}, location)}, location);
}

NodeId Tracer::ToSOp(const Value& value, const SourceLocation& location, std::string_view role) {
  if (const SOpValue* sop = AsSOp(value)) return sop->id;
  if (const Atom* atom = AsAtom(value)) return AddConstant(*atom, location);
  Fail(ErrorKind::kType, location,
       fmt::format("{} must be an s-op or an atom, but is {}", role, DescribeValue(value)));
}

Atom Tracer::ApplyToAtoms(MapOp op, std::span<const Atom* const> operands,
                          const SourceLocation& location) {
  Atom result;
  OpError error;
  if (!ApplyTo(graph_.arithmetic(), op, operands, nullptr, result, error)) {
    Fail(error.kind, location, error.message);
  }
  return result;
}

void Tracer::TryNode(NodeId id, const SourceLocation& location) {
  std::optional<Diagnostic> failure = try_out_.Try(id);
  if (!failure) return;
  // The current expression is the one to show the user; the node that fails may be an earlier one
  // that it uses.
  const SourceLocation here = UserLocation(location);
  const SourceLocation there = failure->location;
  const bool same = here.source == there.source && here.line == there.line;
  if (!same) {
    if (there.IsKnown()) failure->Note(there, "this is what fails");
    failure->location = here;
  }
  Fail(*std::move(failure));
}

void Tracer::Charge(std::uint64_t work, const SourceLocation& location) {
  ThrowIfStopped();
  const auto most = static_cast<std::uint64_t>(options_.limits.max_steps);
  if (work > most) {
    Fail(ErrorKind::kLimit, location,
         fmt::format("this alone would take more than {} steps", most));
  }
  work_ += work;
  if (work_ <= most) return;
  is_exhausted_ = true;
  Fail(ErrorKind::kLimit, location,
       fmt::format("the program takes more than {} steps; does a loop or a function run for too "
                   "long? The rest of the program is not run",
                   most));
}

void Tracer::CheckStack(const SourceLocation& location) const {
  // The stack grows downwards on every platform we build for.
  if (reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) < stack_end_) {
    Fail(ErrorKind::kLimit, location, "calls and brackets are nested too deeply here");
  }
}

SourceLocation Tracer::UserLocation(const SourceLocation& location) const {
  if (!IsInLibrary(location)) return location;
  for (auto call = calls_.rbegin(); call != calls_.rend(); ++call) {
    if (!IsInLibrary(call->location)) return call->location;
  }
  return location;
}

void Tracer::Fail(ErrorKind kind, const SourceLocation& location, std::string message) const {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.location = UserLocation(location);
  diagnostic.message = std::move(message);
  if (diagnostic.location.source != location.source && location.IsKnown()) {
    diagnostic.Note(location, "inside the standard library");
  }
  Fail(std::move(diagnostic));
}

// Adds the calls that led here, the innermost first; a run of calls from one place is one note.
void Tracer::Fail(Diagnostic diagnostic) const {
  const auto same = [](const SourceLocation& a, const SourceLocation& b) {
    return a.source == b.source && a.line == b.line && a.column == b.column;
  };
  std::size_t shown = 0;
  for (auto call = calls_.rbegin(); call != calls_.rend();) {
    const auto first = call;
    while (call != calls_.rend() && same(call->location, first->location)) ++call;
    const SourceLocation& location = first->location;
    if (IsInLibrary(location) || same(location, diagnostic.location)) continue;
    if (shown++ == kMaxCallNotes) {
      diagnostic.Note({}, "… and calls further out");
      break;
    }
    const auto times = call - first;
    diagnostic.Note(location,
                    fmt::format("in the call of '{}'{}", first->function->definition->name,
                                times > 1 ? fmt::format(", {} times", times) : ""));
  }
  throw Failure{std::move(diagnostic)};
}

}  // namespace raspc
