// Ways to make a random program smaller, one change at a time, for shrinking one that shows a
// fault.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tests/compiler/random_productions.h"
#include "tests/compiler/random_program.h"

namespace raspc {
namespace {

// Calls `use` with every way to make `expr` smaller at one place.
template <typename Use>
void ForEachSmaller(RandomExpr& expr, const Use& use) {
  const RandomExpr kept = expr;
  for (const RandomExpr& arg : kept.args) {
    if (!Fits(arg.type, kept.type)) continue;
    expr = arg;
    expr.type = kept.type;
    use();
  }
  if (!kept.args.empty()) {
    for (const std::string& text : PlainTexts(kept.type)) {
      expr = Leaf(kept.type, text);
      use();
    }
  } else if (kept.text[0].size() > 1 && kept.text[0][0] == 'x') {
    for (const std::string& text : PlainTexts(kept.type)) {
      expr = Leaf(kept.type, text);
      use();
    }
  }
  expr = kept;
  for (RandomExpr& arg : expr.args) ForEachSmaller(arg, use);
}

void Substitute(RandomExpr& expr, const std::string& name, const RandomExpr& value) {
  if (expr.args.empty() && expr.text[0] == name) {
    const RandomType type = expr.type;
    expr = value;
    expr.type = type;
    return;
  }
  for (RandomExpr& arg : expr.args) Substitute(arg, name, value);
}

void AddSmallerSettings(const RandomProgram& program, std::vector<RandomProgram>& smaller) {
  const auto add = [&](auto&& change) {
    smaller.push_back(program);
    change(smaller.back());
  };
  if (program.generates) add([](RandomProgram& p) { p.generates = false; });
  if (program.pad_count) add([](RandomProgram& p) { p.pad_count.reset(); });
  if (program.append) add([](RandomProgram& p) { p.append.reset(); });
  if (program.dtype) add([](RandomProgram& p) { p.dtype.reset(); });
  if (program.target) add([](RandomProgram& p) { p.target.reset(); });
  if (program.arithmetic) add([](RandomProgram& p) { p.arithmetic.reset(); });
  if (program.max_domain) add([](RandomProgram& p) { p.max_domain.reset(); });
  if (program.is_causal && !program.generates) {
    add([](RandomProgram& p) {
      p.is_causal = false;
      p.target.reset();
    });
  }
  if (program.max_length > 1) add([](RandomProgram& p) { --p.max_length; });
  for (std::size_t i = 0; i < program.vocab.size() && program.vocab.size() > 1; ++i) {
    add([&](RandomProgram& p) { p.vocab.erase(p.vocab.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
}

}  // namespace

std::vector<RandomProgram> SmallerPrograms(const RandomProgram& program) {
  std::vector<RandomProgram> smaller;
  const std::size_t size = program.statements.size();
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  // Without the statement, if nothing uses it, or with its value where it was used.
  for (std::size_t i = size; i-- > 0;) {
    if (program.statements[i].name == program.output) continue;
    RandomProgram without = program;
    for (std::size_t k = i + 1; k < size; ++k) {
      Substitute(without.statements[k].value, program.statements[i].name,
                 program.statements[i].value);
    }
    without.statements.erase(without.statements.begin() + at(i));
    if (SizeOf(without) < SizeOf(program)) smaller.push_back(std::move(without));
  }
  for (std::size_t i = size; i-- > 0;) {
    RandomProgram copy = program;
    ForEachSmaller(copy.statements[i].value, [&] { smaller.push_back(copy); });
  }
  AddSmallerSettings(program, smaller);
  return smaller;
}

}  // namespace raspc
