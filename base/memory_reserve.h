// Memory that each thread reserves for when there is none left.
//
// Some destructors allocate, such as those of the JSON library, and an exception from a destructor
// ends the process. So a thread that runs out of memory first gets some of its reserve, and once
// more while an exception propagates to its handler.
#pragma once

namespace raspc {

// Makes operator new fall back on the reserves of the calling thread, and limits the use of address
// space where that is scarce; for the whole process, before it starts other threads.
void UseMemoryReserves();

// While one is in scope its thread has a reserve. Creating one, even inside another, refills the
// reserve; it throws bad_alloc if there is no memory for that, as later failures would not be safe.
class MemoryReserve {
 public:
  MemoryReserve();
  ~MemoryReserve();
  MemoryReserve(const MemoryReserve&) = delete;
  MemoryReserve& operator=(const MemoryReserve&) = delete;
};

}  // namespace raspc
