# Embeds files in a library, so that the command finds them from any folder.
#
#   include(cmake/EmbedFiles.cmake)
#   raspc_embed_files(OUT_VARIABLE FUNCTION HEADER KEY FILES...)
#
# sets OUT_VARIABLE to a generated source that defines FUNCTION(name) and FUNCTIONNames(), as HEADER
# declares them: the text of a file, and all names, sorted. A file's name there is its name without
# extension (KEY is NAME_WE) or with it (NAME).
#
# The same file is the script that writes that source. Bytes are written as numbers, so any content
# is safe.

if(CMAKE_SCRIPT_MODE_FILE)
  list(SORT FILES)
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS FILES)
    get_filename_component(name ${file} ${KEY})
    file(SIZE ${file} size)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
                         bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char kBytes${number}[] = {\n${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", kBytes${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT}.new
"// Made by cmake/EmbedFiles.cmake. Do not edit.
#include \"${HEADER}\"

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

std::optional<std::string_view> ${FUNCTION}(std::string_view name) {
  for (const EmbeddedFile& file : kFiles) {
    if (file.name == name) {
      return std::string_view(reinterpret_cast<const char*>(file.bytes), file.size);
    }
  }
  return std::nullopt;
}

std::vector<std::string> ${FUNCTION}Names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : kFiles) names.emplace_back(file.name);
  return names;
}

}  // namespace raspc
")
  # Unchanged if nothing changed, so that nothing is rebuilt.
  file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
  file(REMOVE ${OUTPUT}.new)
  return()
endif()

set(embed_files_script ${CMAKE_CURRENT_LIST_FILE})
function(raspc_embed_files out_variable function header key)
  set(output ${PROJECT_BINARY_DIR}/generated/${out_variable}.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} -DHEADER=${header} -DKEY=${key}
            "-DFILES=${ARGN}" -P ${embed_files_script}
    DEPENDS ${ARGN} ${embed_files_script}
    COMMENT "Embedding ${out_variable}"
    VERBATIM)
  set(${out_variable} ${output} PARENT_SCOPE)
endfunction()
