/* What the files of the I/O room share. */
#ifndef BASE_IO_PRIVATE_H
#define BASE_IO_PRIVATE_H

#include "base/io.h"

bool io_faulty(const char *call);       /* true: the fault clock says that this call fails; errno is set */
bool io_sync_directory(const char *of); /* fsync of the directory that holds `of`; false with errno */

#endif
