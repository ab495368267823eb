// `load`, and the standard library, which is loaded the same way.
#include <algorithm>
#include <filesystem>

#include "compiler/syntax/parse.h"
#include "compiler/trace/embedded_programs.h"
#include "compiler/trace/tracer.h"
#include "base/files.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxLoadDepth = 50;
constexpr std::string_view kLibraryName = "rasplib";

// Parsed once per process: the text never changes.
const SyntaxTree& LibraryTree() {
  static const SyntaxTree tree = [] {
    const auto source = std::make_shared<const SourceText>(
        "<standard library>", std::string(EmbeddedProgram(kLibraryName).value_or("")));
    Diagnostics diag;
    return Parse(source, ParseLimits{}, diag);
  }();
  return tree;
}

}  // namespace

void Tracer::LoadStandardLibrary() {
  const auto define = [&](const char* name, Value value) {
    base_.Exchange(name, Scope::Variable{std::move(value), num_assignments_++});
  };
  define("True", Atom(true));
  define("False", Atom(false));
  define("indices", SOpValue{Add(IndicesNode{}, {})});
  for (const TokenView view : {TokenView::kString, TokenView::kInt, TokenView::kFloat,
                               TokenView::kBool, TokenView::kAsIs}) {
    define(std::string(NameOf(view)).c_str(), SOpValue{Add(TokensNode{view}, {})});
  }
  const Value tokens = *base_.Find("tokens_str");
  define("tokens", tokens);
  if (!options_.load_standard_library) {
    base_.out = tokens;
    return;
  }
  std::set<std::string> before;
  for (const auto& entry : base_.variables()) before.insert(entry.first);
  const SyntaxTree& tree = LibraryTree();
  library_source_ = tree.source;
  RunFile(tree, &base_);
  for (const auto& entry : base_.variables()) {
    if (!before.contains(entry.first)) library_names_.insert(entry.first);
  }
  base_.out = tokens;
}

void Tracer::RunFile(const SyntaxTree& tree, Scope* also_assigns) {
  kept_scopes_.push_back(std::make_unique<Scope>(ScopeKind::kFile, &base_, also_assigns));
  const ScopeChange change(scope_, kept_scopes_.back().get());
  RunStatements(tree, /*is_program=*/false);
}

void Tracer::Load(const std::string& name, const SourceLocation& location) {
  Charge(100, location);
  const LoadedFile& file = FindFile(name, location);
  const auto same = std::find(loading_.begin(), loading_.end(), &file);
  if (same != loading_.end() || file.tree.source->name() == program_source_->name()) {
    std::string chain;
    for (auto it = same; it != loading_.end(); ++it) chain += "'" + (*it)->path + "' loads ";
    Fail(ErrorKind::kLoad, location,
         fmt::format("'{}' loads itself{}", file.path,
                     chain.empty() ? "" : fmt::format(": {}'{}'", chain, file.path)));
  }
  if (loading_.size() >= kMaxLoadDepth) {
    Fail(ErrorKind::kLimit, location,
         fmt::format("files that load files are nested more than {} deep", kMaxLoadDepth));
  }
  loading_.push_back(&file);
  RunFile(file.tree, scope_);
  loading_.pop_back();
}

const Tracer::LoadedFile& Tracer::FindFile(const std::string& name,
                                           const SourceLocation& location) {
  const std::filesystem::path wanted = name + ".rasp";
  std::vector<std::filesystem::path> folders;
  if (location.source != nullptr) {
    folders.push_back(std::filesystem::path(location.source->name()).parent_path());
  }
  folders.emplace_back();  // the current folder
  for (const std::string& folder : options_.load_folders) folders.emplace_back(folder);
  for (const auto& folder : folders) {
    if (const LoadedFile* file = TryFile((folder / wanted).string(), location)) return *file;
  }
  const std::string embedded_path = "<installed programs>/" + name + ".rasp";
  for (const auto& file : files_) {
    if (file->path == embedded_path) return *file;
  }
  if (const auto text = EmbeddedProgram(name)) return ParseFile(embedded_path, std::string(*text));

  const std::string closest = ClosestName(name, EmbeddedProgramNames());
  Fail(ErrorKind::kLoad, location,
       fmt::format("there is no file {} next to the program, in the current folder or among "
                   "the installed programs{}",
                   ShortText(Atom(name + ".rasp")),
                   closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
}

const Tracer::LoadedFile* Tracer::TryFile(const std::string& path, const SourceLocation& location) {
  for (const auto& file : files_) {
    if (file->path == path) return file.get();
  }
  std::error_code error;
  if (path.find('\0') != std::string::npos || !std::filesystem::exists(path, error)) return nullptr;
  Diagnostics reading;
  std::optional<std::string> text = ReadFile(path, ParseLimits{}.max_source_bytes, reading);
  if (!text) {
    Fail(
        ErrorKind::kLoad, location,
        reading.empty() ? fmt::format("'{}' cannot be read", path) : reading.all().front().message);
  }
  program_.loaded_files.push_back(path);
  return &ParseFile(path, *std::move(text));
}

const Tracer::LoadedFile& Tracer::ParseFile(const std::string& path, std::string text) {
  const auto source = std::make_shared<const SourceText>(path, std::move(text));
  files_.push_back(
      std::make_unique<LoadedFile>(LoadedFile{path, Parse(source, ParseLimits{}, diag_)}));
  return *files_.back();
}

}  // namespace raspc
