package import NIOCore

/// A language of bytes spoken on connections; makes a codec for each of them.
package protocol Wire<Message>: Sendable {
    associatedtype Message: Sendable

    var name: WireName { get }
    /// Makes what reads and writes one connection; `isServer` on the side that accepted it.
    func makeCodec(isServer: Bool) -> any WireCodec<Message>
}

/// Bytes to messages and back on one connection; remembers where the conversation stands.
package protocol WireCodec<Message>: AnyObject {
    associatedtype Message: Sendable

    /// Takes the next message off the front of `bytes`; nil when more bytes must come first.
    ///
    /// Fails with `MalformedWire` when the bytes cannot be a message: the connection is closed after `farewell`.
    /// Must check lengths before it waits for so many bytes.
    func decode(_ bytes: inout ByteBuffer) throws -> Message?
    /// Tells how many bytes the message at the front of `bytes` has, so that no more are joined to it; nil when its beginning does not say.
    func length(of bytes: ByteBuffer) -> Int?
    /// Writes a message's bytes, in pieces where that saves copying.
    func encode(_ message: Message, to sink: (ByteBuffer) -> Void) throws
    /// Takes what the codec has to say by itself after it decoded, such as its part of a handshake; nil mostly.
    func takeAnswer() -> ByteBuffer?
}

extension WireCodec {
    package func takeAnswer() -> ByteBuffer? { nil }

    package func length(of bytes: ByteBuffer) -> Int? { nil }
}

/// Bytes that are not what a wire says.
package struct MalformedWire: Error, Hashable, Sendable {
    package var reason: String
    /// What the other side is told before the connection closes; none when empty.
    package var farewell: ByteBuffer

    package init(_ reason: String, farewell: ByteBuffer = ByteBuffer()) {
        self.reason = reason
        self.farewell = farewell
    }
}
