import HoneyCore

/// Arguments that make no sense.
struct DfsUsageError: Error {
    var message: String

    init(_ message: String) { self.message = message }
}

/// The caller does not take the output.
struct DfsOutputError: Error {
    var cause: any Error
}

/// What a command complains of.
struct DfsFailure: Error {
    var message: String

    init(_ message: String) { self.message = message }

    /// Says what is wrong with a path, in Hadoop's words.
    init(
        _ path: String, _ what: String = "Input/output error", operation: String? = nil, to target: String? = nil,
        qualified: String? = nil
    ) {
        message = (operation.map { $0 + " " } ?? "") + "`\(path)'"
        if let target { message += " to `\(target)'" }
        message += ": " + what
        if let qualified, qualified != path { message += ": `\(qualified)'" }
    }

    static func missing(_ path: String, qualified: String? = nil) -> DfsFailure {
        DfsFailure(path, "No such file or directory", qualified: qualified)
    }

    static func exists(_ path: String) -> DfsFailure { DfsFailure(path, "File exists") }
    static func isDirectory(_ path: String) -> DfsFailure { DfsFailure(path, "Is a directory") }
    static func isNotDirectory(_ path: String) -> DfsFailure { DfsFailure(path, "Is not a directory") }

    /// Puts a file system's error into Hadoop's words.
    init(_ error: HoneyError, at path: String?) {
        // A server says itself which path it means.
        guard let path, !error.message.contains("/") else {
            self.init(String(error.message.prefix { $0 != "\n" }))
            return
        }
        self.init(path, DfsFailure.words(for: error))
    }

    private static func words(for error: HoneyError) -> String {
        switch error.code {
        case "FILE_NOT_FOUND": "No such file or directory"
        case "FILE_EXISTS": "File exists"
        case "NOT_A_FILE": "Is a directory"
        case "NOT_A_DIRECTORY": "Is not a directory"
        case "DIRECTORY_NOT_EMPTY": "Directory is not empty"
        case "PERMISSION_DENIED": "Permission denied"
        case "DISK_FULL": "No space left on device"
        default: error.message
        }
    }
}
