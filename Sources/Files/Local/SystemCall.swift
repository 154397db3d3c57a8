import Glibc
import HoneyCore

/// Calls of the operating system: repeated when interrupted, failures turned into errors with path and cause.
enum SystemCall {
    /// Calls `body` until it is not interrupted; throws when it gives -1.
    @discardableResult
    static func run<Result: SignedInteger>(
        _ verb: String, _ location: FileLocation, _ body: () -> Result
    ) throws -> Result {
        while true {
            let result = body()
            if result != -1 { return result }
            let cause = errno
            if cause != EINTR { throw failure(verb, location, cause) }
        }
    }

    /// Hands `body` the location's path as the system wants it; a path that holds a zero byte is refused.
    static func withPath<Result>(
        of location: FileLocation, _ body: (UnsafePointer<CChar>) throws -> Result
    ) throws -> Result {
        guard !location.path.utf8.contains(0) else {
            throw HoneyError(
                .environment, "IO_ERROR", "a path may not hold a zero byte", file: FilePosition(location.description))
        }
        return try location.path.withCString(body)
    }

    /// Makes the error of a failed call.
    static func failure(_ verb: String, _ location: FileLocation, _ cause: Int32) -> HoneyError {
        HoneyError(
            .environment, code(of: cause), "cannot \(verb): \(text(of: cause))",
            file: FilePosition(location.description))
    }

    private static func code(of cause: Int32) -> String {
        switch cause {
        case ENOENT: "FILE_NOT_FOUND"
        case EEXIST: "FILE_EXISTS"
        case EISDIR: "NOT_A_FILE"
        case ENOTDIR: "NOT_A_DIRECTORY"
        case ENOTEMPTY: "DIRECTORY_NOT_EMPTY"
        case EACCES, EPERM, EROFS: "PERMISSION_DENIED"
        case ENOSPC, EDQUOT: "DISK_FULL"
        case EXDEV: "CROSS_DEVICE"
        default: "IO_ERROR"
        }
    }

    private static func text(of cause: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(cause, &buffer, buffer.count) == 0 else { return "error \(cause)" }
        let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: text, as: UTF8.self).lowercased()
    }
}

/// `renameat2`, which the system's Swift module leaves out.
enum RenameWithoutReplacing {
    private typealias Function =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    private static let function: Function? = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Function.self) }
    private static let noReplace: UInt32 = 1

    /// Renames atomically unless the target exists; returns 0 or the cause, `ENOSYS` or `EINVAL` where it cannot be done.
    static func call(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
        guard let function else { return ENOSYS }
        return function(AT_FDCWD, from, AT_FDCWD, to, noReplace) == 0 ? 0 : errno
    }
}

/// The names of users and groups, looked up once each.
enum AccountNames {
    static func user(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return String(id) }
        return String(cString: entry.pw_name)
    }

    static func group(_ id: gid_t) -> String {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return String(id) }
        return String(cString: entry.gr_name)
    }

    static func userID(_ name: String) -> uid_t? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return uid_t(name) }
        return entry.pw_uid
    }

    static func groupID(_ name: String) -> gid_t? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return gid_t(name) }
        return entry.gr_gid
    }
}
