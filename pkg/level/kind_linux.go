package level

import "syscall"

// kinds are the file systems that lose what is in them, or do not keep it as files
// must be kept, by the numbers of statfs(2).
var kinds = map[int64]string{
	0x01021994: "tmpfs", 0x858458f6: "ramfs", 0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB",
}

// Unfit names the kind of file system that a directory is on, where it is none to keep
// streams on; "" for all others.
func Unfit(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	return kinds[int64(s.Type)&0xffffffff]
}
