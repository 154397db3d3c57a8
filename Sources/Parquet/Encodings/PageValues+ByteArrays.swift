import HoneyCore
import HoneyStorage

extension PageValues {
    /// Walks `count` plain byte arrays: u32 little-endian length, bytes.
    @inline(__always)
    func walk(_ count: Int, _ visit: (_ index: Int, UnsafePointer<UInt8>, Int) -> Void) throws {
        var cursor = next
        let end = end
        for index in 0..<count {
            guard end - cursor >= 4 else { throw PageValues.tooFew() }
            let length = Int(UnsafeRawPointer(cursor).loadUnaligned(as: UInt32.self))
            cursor += 4
            guard length <= end - cursor else { throw HoneyError.damaged("byte array is longer than its page") }
            visit(index, cursor, length)
            cursor += length
        }
        next = cursor
    }

    func decodeBytes(
        _ count: Int, _ chosen: UnsafePointer<Int32>?, _ chosenCount: Int, _ target: UnsafeMutablePointer<BytesView>
    ) throws {
        guard let chosen else {
            return try walk(count) { index, start, length in target[index] = BytesView(start, count: length) }
        }
        var written = 0
        try walk(count) { index, start, length in
            if written < chosenCount, Int(chosen[written]) == index {
                target[written] = BytesView(start, count: length)
                written += 1
            }
        }
    }

    /// Decodes byte arrays whose lengths stand apart.
    func decodeViews(
        _ count: Int, into target: UnsafeMutablePointer<BytesView>, _ owners: inout [AnyObject]
    ) throws {
        guard deltas != nil else { throw PageValues.tooFew() }
        try deltas!.read(count, into: numbers)
        if form == .deltaLengths {
            owners.append(page)
            for index in 0..<count {
                let length = Int(numbers[index])
                guard length >= 0, length <= end - next else {
                    throw HoneyError.damaged("byte array is longer than its page")
                }
                target[index] = BytesView(next, count: length)
                next += length
            }
            return
        }
        guard suffixes != nil else { throw PageValues.tooFew() }
        try suffixes!.read(count, into: suffixLengths)
        // What all values take together is found first, and bounded by what their lengths can honestly be.
        var total = 0
        var length = previous.count
        for index in 0..<count {
            let prefix = numbers[index], suffix = suffixLengths[index]
            guard prefix >= 0, prefix <= length, suffix >= 0, suffix <= end - next else {
                throw HoneyError.damaged("byte array is longer than its page")
            }
            length = Int(prefix + suffix)
            total += length
            guard total <= PageValues.mostSharedBytes else {
                throw HoneyError(.data, "UNSUPPORTED_FILE", "strings that share their starts are too long together")
            }
        }
        let arena = Buffer(capacity: total + 16)
        var start = UnsafePointer(arena.pointer(to: UInt8.self))
        var free = arena.pointer(to: UInt8.self)
        owners.append(arena)
        try previous.withUnsafeBufferPointer { previous in
            if let base = previous.baseAddress { start = base }
            for index in 0..<count {
                let prefix = Int(numbers[index]), suffix = Int(suffixLengths[index])
                guard suffix <= end - next else { throw HoneyError.damaged("byte array is longer than its page") }
                free.update(from: start, count: prefix)
                (free + prefix).update(from: next, count: suffix)
                next += suffix
                target[index] = BytesView(free, count: prefix + suffix)
                start = UnsafePointer(free)
                free += prefix + suffix
            }
        }
        if count > 0 { previous = Array(UnsafeBufferPointer(start: start, count: length)) }
    }

    /// Bytes that one call may make of strings that share their starts.
    static let mostSharedBytes = 256 << 20

    func decodeFixed(
        _ count: Int, _ chosen: UnsafePointer<Int32>?, _ chosenCount: Int, _ target: UnsafeMutableRawPointer,
        _ owners: inout [AnyObject]
    ) throws {
        let views = UnsafeMutablePointer<BytesView>.allocate(capacity: count)
        defer { views.deallocate() }
        try decodeViews(count, into: views, &owners)
        for index in 0..<chosenCount {
            let view = chosen.map { Int($0[index]) } ?? index
            let bytes = BytesView.bytes(at: views + view)
            guard bytes.count == rawWidth, let start = bytes.baseAddress else {
                throw HoneyError.damaged("value of fixed length has another: \(bytes.count)")
            }
            (target + index * rawWidth).copyMemory(from: start, byteCount: rawWidth)
        }
    }
}
