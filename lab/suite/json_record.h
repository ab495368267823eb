// Records as JSON objects, and back, from one list of their fields.
//
// The fields of a type are listed once, in a function template found by its arguments:
//
//     template <class Io>
//     void Fields(Io& io, typename Io::template Ref<Point> point) {
//       io.Field("x", point.x);
//       io.Derived("norm", point.Norm());  // written; when read, only its type is checked
//     }
//
// JsonRecordWriter and JsonRecordReader are the two kinds of Io. Only for .cc files that write and
// read such records: it names the type of a JSON library, which other headers must not do.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace raspc {

// The values of an enumeration and their names, as `static constexpr E kAll[]` and
// `static std::string_view Name(E value)`; specialised for every enumeration that is a field.
template <class E>
struct EnumForm;

class JsonRecordWriter {
 public:
  using Json = nlohmann::json;
  static constexpr bool kReads = false;
  template <class T>
  using Ref = const T&;

  template <class T>
  void Field(std::string_view name, const T& value) {
    json_[std::string(name)] = Written(value);
  }
  template <class T>
  void Derived(std::string_view name, const T& value) {
    Field(name, value);
  }

  template <class T>
  static Json Written(const T& record) {
    if constexpr (std::is_enum_v<T>) {
      return EnumForm<T>::Name(record);
    } else if constexpr (std::is_class_v<T>) {
      JsonRecordWriter writer;
      Fields(writer, record);
      return std::move(writer.json_);
    } else {
      return record;
    }
  }
  static Json Written(const Json& json) { return json; }
  static Json Written(const std::string& text) { return text; }
  static Json Written(bool value) { return value; }
  template <class T>
  static Json Written(const std::optional<T>& value) {
    return value ? Written(*value) : Json(nullptr);
  }
  static Json Written(const std::variant<int, double>& number) {
    return std::visit([](auto value) { return Json(value); }, number);
  }
  template <class T>
  static Json Written(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(Written(value));
    return array;
  }
  template <class T, std::size_t n>
  static Json Written(const std::array<T, n>& values) {
    return Written(std::vector<T>(values.begin(), values.end()));
  }
  template <class T>
  static Json Written(const std::map<std::string, T>& values) {
    Json object = Json::object();
    for (const auto& [name, value] : values) object[name] = Written(value);
    return object;
  }

 private:
  Json json_ = Json::object();
};

// The place of a value in a document, for messages. It refers to the places around it and to names,
// which must outlive it; text is made only when it is asked for.
class JsonPlace {
 public:
  explicit JsonPlace(std::string_view whole) : name_(whole) {}
  JsonPlace Field(std::string_view name) const { return {this, name}; }
  JsonPlace Entry() const { return {this, ""}; }

  // Such as `parity.direct`, `an entry of parity.direct.lengths`.
  std::string Path() const {
    if (around_ == nullptr) return std::string(name_);
    return name_.empty() ? "an entry of " + around_->Path()
                         : fmt::format("{}.{}", around_->Path(), name_);
  }
  // Such as `"direct" of parity`.
  std::string Name() const {
    const bool is_field = around_ != nullptr && !name_.empty();
    return is_field ? fmt::format("\"{}\" of {}", name_, around_->Path()) : Path();
  }

 private:
  JsonPlace(const JsonPlace* around, std::string_view name) : around_(around), name_(name) {}

  const JsonPlace* around_ = nullptr;  // null for the whole
  std::string_view name_;              // empty for an entry of an array
};

// Reads exactly the fields that are listed. The first fault, one that is missing, unknown or of
// another type, is put in `fault`; nothing is read after it.
class JsonRecordReader {
 public:
  using Json = nlohmann::json;
  static constexpr bool kReads = true;
  template <class T>
  using Ref = T&;

  // All of them must outlive the reader; `json` is an object.
  JsonRecordReader(const Json& json, const JsonPlace& place, std::string& fault)
      : json_(json), place_(place), fault_(fault) {}

  template <class T>
  void Field(std::string_view name, T& value) {
    names_.emplace(name);
    if (!fault_.empty()) return;
    const auto found = json_.find(name);
    if (found == json_.end()) {
      fault_ = fmt::format("{} has no field \"{}\"", place_.Path(), name);
    } else {
      Read(*found, place_.Field(name), value, fault_);
    }
  }
  template <class T>
  void Derived(std::string_view name, const T&) {
    T ignored{};
    Field(name, ignored);
  }

  template <class T>
  static void Read(const Json& json, const JsonPlace& place, T& value, std::string& fault) {
    if constexpr (std::is_enum_v<T>) {
      ReadEnum(json, place, value, fault);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (Requires(json.is_number(), json, place, fault)) value = json.get<T>();
    } else if constexpr (std::is_integral_v<T>) {
      ReadInteger(json, place, value, fault);
    } else {
      ReadRecord(json, place, value, fault);
    }
  }
  static void Read(const Json& json, const JsonPlace&, Json& value, std::string&) { value = json; }
  static void Read(const Json& json, const JsonPlace& place, std::string& value,
                   std::string& fault) {
    if (Requires(json.is_string(), json, place, fault)) value = json.get<std::string>();
  }
  static void Read(const Json& json, const JsonPlace& place, bool& value, std::string& fault) {
    if (Requires(json.is_boolean(), json, place, fault)) value = json.get<bool>();
  }
  template <class T>
  static void Read(const Json& json, const JsonPlace& place, std::optional<T>& value,
                   std::string& fault) {
    if (json.is_null()) return value.reset();
    Read(json, place, value.emplace(), fault);
  }
  static void Read(const Json& json, const JsonPlace& place, std::variant<int, double>& value,
                   std::string& fault) {
    if (json.is_number_integer()) return Read(json, place, value.emplace<int>(), fault);
    Read(json, place, value.emplace<double>(), fault);
  }
  template <class T>
  static void Read(const Json& json, const JsonPlace& place, std::vector<T>& values,
                   std::string& fault) {
    if (!Requires(json.is_array(), json, place, fault)) return;
    values.clear();
    const JsonPlace unnamed = place.Entry();
    for (const Json& entry : json) {
      if (!fault.empty()) return;
      // An object with a name goes by that.
      if (entry.is_object() && entry.contains("name") && entry["name"].is_string()) {
        const JsonPlace named(entry["name"].get_ref<const std::string&>());
        Read(entry, named, values.emplace_back(), fault);
      } else {
        Read(entry, unnamed, values.emplace_back(), fault);
      }
    }
  }
  template <class T, std::size_t n>
  static void Read(const Json& json, const JsonPlace& place, std::array<T, n>& values,
                   std::string& fault) {
    if (!Requires(json.is_array(), json, place, fault)) return;
    if (json.size() != n) {
      fault = fmt::format("{} has {} entries instead of {}", place.Name(), json.size(), n);
      return;
    }
    for (std::size_t i = 0; i < n; ++i) Read(json[i], place.Entry(), values[i], fault);
  }
  template <class T>
  static void Read(const Json& json, const JsonPlace& place, std::map<std::string, T>& values,
                   std::string& fault) {
    if (!Requires(json.is_object(), json, place, fault)) return;
    values.clear();
    for (const auto& [name, element] : json.items()) {
      Read(element, place.Field(name), values[name], fault);
    }
  }

 private:
  static bool Requires(bool fits, const Json& json, const JsonPlace& place, std::string& fault) {
    if (!fits && fault.empty()) fault = fmt::format("{} is {}", place.Name(), json.type_name());
    return fits;
  }

  template <class T>
  static void ReadInteger(const Json& json, const JsonPlace& place, T& value, std::string& fault) {
    if (!Requires(json.is_number_integer(), json, place, fault)) return;
    const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                : std::in_range<T>(json.get<std::int64_t>());
    if (fits) {
      value = json.get<T>();
    } else if (fault.empty()) {
      fault = fmt::format("{} is out of range", place.Name());
    }
  }

  template <class E>
  static void ReadEnum(const Json& json, const JsonPlace& place, E& value, std::string& fault) {
    if (!Requires(json.is_string(), json, place, fault)) return;
    for (const E each : EnumForm<E>::kAll) {
      if (EnumForm<E>::Name(each) != json.get_ref<const std::string&>()) continue;
      value = each;
      return;
    }
    if (fault.empty()) fault = fmt::format("{} is not an allowed value", place.Name());
  }

  template <class T>
  static void ReadRecord(const Json& json, const JsonPlace& place, T& record, std::string& fault) {
    if (!Requires(json.is_object(), json, place, fault)) return;
    JsonRecordReader reader(json, place, fault);
    Fields(reader, record);
    for (const auto& [name, field] : json.items()) {
      if (!fault.empty()) return;
      if (!reader.names_.contains(name)) {
        fault = fmt::format("{} has a field \"{}\"", place.Path(), name);
      }
    }
  }

  const Json& json_;
  const JsonPlace& place_;
  std::string& fault_;
  std::set<std::string> names_;  // of the fields that are listed
};

}  // namespace raspc
