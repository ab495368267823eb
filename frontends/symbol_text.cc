#include "frontends/symbol_text.h"

#include <algorithm>
#include <array>

namespace raspc {
namespace {

struct Picture {
  std::string_view character, picture;
};
constexpr std::array<Picture, 4> kPictures = {
    {{"\"", "\uFF02"}, {"\n", "\u240A"}, {"\r", "\u240D"}, {std::string_view("\0", 1), "\u2400"}}};
constexpr std::string_view kMark = "\u241B";

// The picture or escape mark that `text` begins with; empty if none.
std::string_view PictureAt(std::string_view text) {
  if (text.starts_with(kMark)) return kMark;
  for (const Picture& known : kPictures) {
    if (text.starts_with(known.picture)) return known.picture;
  }
  return "";
}

}  // namespace

std::string SymbolToText(std::string_view symbol) {
  std::string text;
  while (!symbol.empty()) {
    if (const std::string_view picture = PictureAt(symbol); !picture.empty()) {
      text += std::string(kMark) + std::string(picture);
      symbol.remove_prefix(picture.size());
      continue;
    }
    const std::string_view character = symbol.substr(0, 1);
    const auto known = std::find_if(kPictures.begin(), kPictures.end(), [&](const Picture& entry) {
      return entry.character == character;
    });
    text += known == kPictures.end() ? character : known->picture;
    symbol.remove_prefix(1);
  }
  return text;
}

std::string TextToSymbol(std::string_view text) {
  std::string symbol;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, 1);
    if (text.starts_with(kMark)) {
      piece = PictureAt(text.substr(kMark.size()));
      text.remove_prefix(kMark.size());
      symbol += piece.empty() ? kMark : piece;
    } else {
      const auto known =
          std::find_if(kPictures.begin(), kPictures.end(),
                       [&](const Picture& entry) { return text.starts_with(entry.picture); });
      if (known != kPictures.end()) piece = known->picture;
      symbol += known == kPictures.end() ? piece : known->character;
    }
    text.remove_prefix(piece.size());
  }
  return symbol;
}

}  // namespace raspc
