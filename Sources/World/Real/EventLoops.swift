package import NIOCore
import NIOPosix

/// The event loops that clients of a process share.
package enum EventLoops {
    /// As many as there are processors; they live as long as the process.
    package static var shared: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }
}
