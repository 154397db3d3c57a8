import HTTPTypes
import HoneyHDFS
import HummingbirdCore
import NIOCore

extension Response {
    static func text(_ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok)
        -> Response
    {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func page(_ html: String) -> Response { text(html, type: "text/html; charset=utf-8") }

    /// Answers with JSON, whose type is told only where `isTyped`.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, isTyped: Bool) -> Response {
        guard let bytes = try? value.document() else { return Response(status: .internalServerError) }
        var headers = HTTPFields()
        if isTyped { headers[.contentType] = "application/json;charset=utf-8" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// Answers with an exception in Hadoop's form, with the status Hadoop gives it.
    static func refusal(_ error: RemoteException, isTyped: Bool) -> Response {
        .json(
            [
                "RemoteException": [
                    "exception": .text(error.simpleName), "javaClassName": .text(error.className),
                    "message": .text(error.message),
                ]
            ], status: error.httpStatus, isTyped: isTyped)
    }
}

extension Request {
    /// Hadoop's client in some distributions lacks the class that reads `Content-Type`, and takes answers without one; other
    /// clients are told the type.
    var wantsTypedJSON: Bool { !(headers[.userAgent] ?? "").hasPrefix("Java/") }
}

extension RemoteException {
    /// The class without its package, such as `FileNotFoundException`.
    var simpleName: String {
        String(className.split(whereSeparator: { $0 == "." || $0 == "$" }).last ?? Substring(className))
    }

    var httpStatus: HTTPResponse.Status {
        switch simpleName {
        case "FileNotFoundException": .notFound
        case "SecurityException", "AccessControlException", "AuthorizationException": .forbidden
        case "IllegalArgumentException", "HadoopIllegalArgumentException", "InvalidPathException",
            "UnsupportedOperationException":
            .badRequest
        case "RuntimeException", "NullPointerException", "IllegalStateException": .internalServerError
        default: .forbidden
        }
    }

    /// Says in Hadoop's way what failed here.
    init(serving error: any Error) {
        switch error {
        case let error as RemoteException: self = error
        case let error as LostCall:
            self = RemoteException("java.net.ConnectException", "Call to NameNode failed: \(error.reason)")
        default: self = .inputOutput("\(error)")
        }
    }
}
