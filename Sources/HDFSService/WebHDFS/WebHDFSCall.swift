import Foundation
import HTTPTypes
import HoneyHDFS
import HummingbirdCore

/// One request of WebHDFS: an operation on a path as a user.
struct WebHDFSCall: Sendable {
    static let prefix = "/webhdfs/v1"

    /// `GET`, `PUT`, `POST` or `DELETE`.
    let method: String
    /// In upper case, such as `LISTSTATUS`.
    let operation: String
    let path: String
    let user: String
    /// Where it comes from.
    let host: String
    let parameters: RequestParameters
    let isTyped: Bool

    /// Whom requests without `user.name` are from: Hadoop's `hadoop.http.staticuser.user`.
    static let defaultUser = "dr.who"

    init(_ request: Request, from host: String) throws(RemoteException) {
        method = request.method.rawValue.uppercased()
        parameters = RequestParameters(request)
        operation = (parameters["op"] ?? "NULL").uppercased()
        self.host = host
        isTyped = request.wantsTypedJSON
        let raw = request.uri.path.dropFirst(Self.prefix.count)
        guard let decoded = String(raw).removingPercentEncoding else {
            throw .illegalArgument("Invalid path: \(raw)")
        }
        let end = decoded.utf8.lastIndex { $0 != UInt8(ascii: "/") }
        path = end.map { String(decoded[...$0]) } ?? "/"
        user = parameters["user.name"] ?? Self.defaultUser
        guard Self.isUserName(user) else {
            throw RequestParameters.invalid(
                "user.name",
                "Invalid value: \"\(user)\" does not belong to the domain "
                    + "^[A-Za-z_][A-Za-z0-9._-]*[$]?$")
        }
        if let other = parameters["doas"], other != user {
            throw RemoteException(
                "org.apache.hadoop.security.authorize.AuthorizationException",
                "User: \(user) is not allowed to impersonate \(other)")
        }
    }

    private static func isUserName(_ name: String) -> Bool {
        let body = name.hasSuffix("$") ? name.dropLast() : name[...]
        guard let first = body.utf8.first, first.isLetter || first == UInt8(ascii: "_") else { return false }
        return body.utf8.allSatisfy {
            $0.isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "._-".utf8.contains($0)
        }
    }

    /// A mode in octal digits.
    func permission(_ name: String = "permission") throws(RemoteException) -> UInt32? {
        guard let mode = try parameters.int(name, radix: 8) else { return nil }
        guard mode <= 0o1777 else {
            throw RequestParameters.invalid(
                name, "Invalid parameter range: \(name) = \(String(mode, radix: 8)) > 1777")
        }
        return UInt32(mode)
    }

    /// An absolute path in a parameter.
    func absolutePath(_ name: String) throws(RemoteException) -> String {
        let path = try parameters.required(name)
        guard path.hasPrefix("/") else {
            throw RequestParameters.invalid(
                name, "Invalid parameter value: \(name) = \"\(path)\" is not an absolute path.")
        }
        return path
    }

    /// Says that a verb has no such operation.
    func unknownOperation() -> RemoteException {
        if operation == "NULL" { return .unsupported("NULL is not supported") }
        let verb = method.prefix(1) + method.dropFirst().lowercased()
        return RequestParameters.invalid(
            "op",
            "No enum constant org.apache.hadoop.hdfs.web.resources.\(verb)OpParam.Op.\(operation)")
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}
