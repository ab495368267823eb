// What to write in RASP instead of a word or an operator of another language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

// "there is no 'while' in RASP; …" or "'**' is not an operator; …", for words and operators that
// are common in Python, C and the like and that RASP lacks; nothing for any other.
std::optional<std::string> AdviceOn(std::string_view word);

// The advice on names that a program may define, so that they are wrong only where they are not
// defined.
bool IsOnlyAName(std::string_view word);

// The one of `names` and of the words of the language, such as `select`, that a name which is not
// defined most likely means, in small letters too; or empty.
std::string ClosestWord(std::string_view name, std::vector<std::string> names);

// The longest operator of another language that the text begins with, as a part of it, or nothing.
std::string_view ForeignOperatorAt(std::string_view text);

}  // namespace raspc
