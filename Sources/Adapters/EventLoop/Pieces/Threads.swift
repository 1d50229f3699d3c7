public import Threads

// Whoever uses the loop's pieces meets these two in their signatures; they live below, where Log and Processes need them.
public typealias OwnThread = Threads.OwnThread
public typealias SystemError = Threads.SystemError
