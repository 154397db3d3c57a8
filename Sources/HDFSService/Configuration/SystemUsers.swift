#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Users and groups as this machine's system knows them.
package enum SystemUsers {
    /// Whose process this is; `HADOOP_USER_NAME` says otherwise for clients without security, as with Hadoop.
    package static var currentName: String {
        if let name = getenv("HADOOP_USER_NAME"), name.pointee != 0 { return String(cString: name) }
        return name(of: getuid()) ?? "\(getuid())"
    }

    private static func name(of id: uid_t) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16 << 10) { buffer in
            guard getpwuid_r(id, &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil else {
                return nil
            }
            return String(cString: entry.pw_name)
        }
    }

    /// Lists the groups a user is in, the primary one first; none for a user this machine does not know.
    package static func groups(of user: String) -> [String] {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        let primary: gid_t? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16 << 10) { buffer in
            guard getpwnam_r(user, &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil else {
                return nil
            }
            return entry.pw_gid
        }
        guard let primary else { return [] }
        var count: Int32 = 1024
        let ids = [gid_t](unsafeUninitializedCapacity: Int(count)) { buffer, used in
            used = getgrouplist(user, primary, buffer.baseAddress!, &count) < 0 ? 0 : Int(count)
        }
        return ids.compactMap(groupName)
    }

    private static func groupName(_ id: gid_t) -> String? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64 << 10) { buffer in
            guard getgrgid_r(id, &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil else {
                return nil
            }
            return String(cString: entry.gr_name)
        }
    }
}
