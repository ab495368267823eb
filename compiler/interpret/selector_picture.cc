// Draws the picture, and aligns text by code points.
#include "compiler/interpret/selector_picture.h"

#include <algorithm>

#include "base/text.h"
#include "base/escape.h"

namespace raspc {

std::string PadLeft(std::string_view text, std::size_t width) {
  const std::size_t have = NumCodePoints(text);
  return std::string(width > have ? width - have : 0, ' ') + std::string(text);
}

namespace {

// One long token must not widen every column.
std::string Clipped(const std::string& label) {
  constexpr std::size_t kMaxColumns = 8;
  if (NumCodePoints(label) <= kMaxColumns) return label;
  std::size_t end = 0;
  for (std::size_t shown = 0; shown + 1 < kMaxColumns; ++shown) {
    for (++end; !StartsCodePoint(label[end]);) ++end;
  }
  return label.substr(0, end) + "…";
}

}  // namespace

std::string SelectorPicture(const SelectorRows& rows, const std::vector<Atom>& tokens) {
  std::size_t width = 1;
  std::vector<std::string> labels;
  for (const Atom& token : tokens) {
    labels.push_back(Clipped(EscapeText(PythonStr(token))));
    width = std::max(width, NumCodePoints(labels.back()));
  }
  std::string picture = "  " + std::string(width, ' ') + "  ";
  for (const std::string& label : labels) picture += " " + PadLeft(label, width);
  picture += '\n';
  for (int q = 0; q < rows.seq_len; ++q) {
    std::string line = "  " + PadLeft(labels[static_cast<std::size_t>(q)], width) + " |";
    for (int k = 0; k < rows.seq_len; ++k) {
      line += " " + PadLeft(rows.At(q, k) ? "1" : ".", width);
    }
    picture += line + '\n';
  }
  return picture;
}

}  // namespace raspc
