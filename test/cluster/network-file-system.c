/* Preloaded: every file system says that it is NFS, whose locks SQLite does not share between two processes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/vfs.h>

static const long nfs = 0x6969;

int statfs(const char *path, struct statfs *found)
{
	int (*real)(const char *, struct statfs *) = (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
	int result = real(path, found);
	if (result == 0)
		found->f_type = nfs;
	return result;
}

int statfs64(const char *path, struct statfs64 *found)
{
	int (*real)(const char *, struct statfs64 *) = (int (*)(const char *, struct statfs64 *))dlsym(RTLD_NEXT, "statfs64");
	int result = real(path, found);
	if (result == 0)
		found->f_type = nfs;
	return result;
}
