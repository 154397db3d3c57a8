// What the C library has and Swift's module of it does not show.

#include <malloc.h>
#include <sys/types.h>

// fcntl.h shows these only under _GNU_SOURCE, which a module cannot ask for.
#define HONEY_SYNC_FILE_RANGE_WRITE 2
int sync_file_range(int descriptor, off_t offset, off_t count, unsigned int flags);
