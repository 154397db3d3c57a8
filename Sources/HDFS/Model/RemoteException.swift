package import HoneyCore

/// What Hadoop throws over its wires: a Java class and a message, from which clients make the exception again.
package struct RemoteException: Error, Hashable, Sendable, CustomStringConvertible {
    /// Such as `java.io.FileNotFoundException`.
    package var className: String
    package var message: String

    package init(_ className: String, _ message: String) {
        self.className = className
        self.message = message
    }

    package var description: String { className + ": " + message }

    package static func fileNotFound(_ message: String) -> RemoteException {
        RemoteException("java.io.FileNotFoundException", message)
    }
    package static func alreadyExists(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.fs.FileAlreadyExistsException", message)
    }
    package static func parentNotDirectory(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.fs.ParentNotDirectoryException", message)
    }
    package static func pathNotEmpty(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.fs.PathIsNotEmptyDirectoryException", message)
    }
    package static func invalidPath(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.fs.InvalidPathException", message)
    }
    package static func accessControl(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.security.AccessControlException", message)
    }
    package static func authorization(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.security.authorize.AuthorizationException", message)
    }
    package static func illegalArgument(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.HadoopIllegalArgumentException", message)
    }
    package static func inputOutput(_ message: String) -> RemoteException {
        RemoteException("java.io.IOException", message)
    }
    package static func safeMode(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.server.namenode.SafeModeException", message)
    }
    package static func standby(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.ipc.StandbyException", message)
    }
    package static func leaseExpired(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException", message)
    }
    package static func alreadyBeingCreated(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException", message)
    }
    package static func recoveryInProgress(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.RecoveryInProgressException", message)
    }
    package static func notReplicatedYet(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.server.namenode.NotReplicatedYetException", message)
    }
    package static func namespaceQuota(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.NSQuotaExceededException", message)
    }
    package static func spaceQuota(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.DSQuotaExceededException", message)
    }
    package static func unsupported(_ message: String) -> RemoteException {
        RemoteException("java.lang.UnsupportedOperationException", message)
    }
    package static func unregisteredNode(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.protocol.UnregisteredNodeException", message)
    }
    package static func noSuchMethod(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.ipc.RpcNoSuchMethodException", message)
    }
    package static func noSuchProtocol(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.ipc.RpcNoSuchProtocolException", message)
    }

    /// The last part of the class name.
    package var shortName: String { String(className.split(separator: ".").last ?? "") }

    /// Makes the house's own error of it; the first line of the message, since Java adds its stack.
    package func honeyError(file: FilePosition? = nil) -> HoneyError {
        let code =
            switch shortName {
            case "FileNotFoundException": "FILE_NOT_FOUND"
            case "FileAlreadyExistsException", "PathExistsException": "FILE_EXISTS"
            case "ParentNotDirectoryException", "PathIsNotDirectoryException": "NOT_A_DIRECTORY"
            case "PathIsNotEmptyDirectoryException": "DIRECTORY_NOT_EMPTY"
            case "AccessControlException", "AuthorizationException": "PERMISSION_DENIED"
            case "NSQuotaExceededException", "DSQuotaExceededException": "QUOTA_EXCEEDED"
            case "SafeModeException": "SAFE_MODE"
            case "InvalidPathException": "INVALID_PATH"
            default: "IO_ERROR"
            }
        let line = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? className
        return HoneyError(.environment, code, line, file: file)
    }
}
