# Embeds programs/*.rasp in a library, so that the command finds the standard library and the
# installed programs from any folder.
#
#   include(cmake/EmbedPrograms.cmake)   # sets embedded_programs, a generated source
#
# The same file is the script that writes that source: cmake -DOUTPUT=… -DFOLDER=… -P this. The bytes
# go out as numbers, which no content can break.

if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB programs ${FOLDER}/*.rasp)
  list(SORT programs)
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(program IN LISTS programs)
    get_filename_component(name ${program} NAME_WE)
    file(SIZE ${program} size)
    file(READ ${program} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
                         bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char kProgram${number}[] = {\n${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", kProgram${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT}.new
"// Made by cmake/EmbedPrograms.cmake from programs/*.rasp. Do not edit.
#include \"compiler/trace/embedded_programs.h\"

namespace raspc {
namespace {

${arrays}
struct EmbeddedFile {
  std::string_view name;
  const unsigned char* bytes;
  std::size_t size;
};
constexpr EmbeddedFile kFiles[] = {
${rows}};

}  // namespace

std::optional<std::string_view> EmbeddedProgram(std::string_view name) {
  for (const EmbeddedFile& file : kFiles) {
    if (file.name == name) {
      return std::string_view(reinterpret_cast<const char*>(file.bytes), file.size);
    }
  }
  return std::nullopt;
}

std::vector<std::string> EmbeddedProgramNames() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : kFiles) names.emplace_back(file.name);
  return names;
}

}  // namespace raspc
")
  # Untouched when nothing changed, so that nothing is built again.
  file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
  file(REMOVE ${OUTPUT}.new)
  return()
endif()

set(embedded_programs ${PROJECT_BINARY_DIR}/generated/embedded_programs.cc)
file(GLOB program_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/programs/*.rasp)
add_custom_command(
  OUTPUT ${embedded_programs}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded_programs} -DFOLDER=${PROJECT_SOURCE_DIR}/programs
          -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${program_files} ${CMAKE_CURRENT_LIST_FILE}
  COMMENT "Embedding programs/*.rasp"
  VERBATIM)
