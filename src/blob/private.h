/* What the files of blob share. */
#ifndef DIBAO_BLOB_PRIVATE_H
#define DIBAO_BLOB_PRIVATE_H

#include "blob/blob.h"

int blob_fs_open(const char *dir, struct blob **out, struct err *err);

#endif
