/* Preloaded: every file system says that it is NFS, whose locks SQLite does not share between two processes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/vfs.h>

static const long nfs = 0x6969;

/* The structure bears the name of its call. */
#define ON_NFS(call)                                                                                \
	int call(const char *path, struct call *found)                                              \
	{                                                                                           \
		int (*real)(const char *, struct call *) =                                          \
			(int (*)(const char *, struct call *))dlsym(RTLD_NEXT, #call);              \
		int result = real(path, found);                                                     \
		if (result == 0)                                                                    \
			found->f_type = nfs;                                                        \
		return result;                                                                      \
	}

ON_NFS(statfs)
ON_NFS(statfs64)
