#include "blob/blob.h"

#include <string.h>

#include "blob/private.h"

/* One driver so far: what does not speak s3:// is a directory. */
int blob_open(const char *where, struct blob **out, struct err *err)
{
	*out = NULL;
	if (strncmp(where, "s3:", 3) == 0)
		return err_set(err, ERR_CONFIG, "%s: blobs on S3 are not built yet", where);
	return blob_fs_open(where, out, err);
}
