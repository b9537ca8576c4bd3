// SPDX-License-Identifier: MIT

#include "device/register_thread.h"

#include <chrono>
#include <utility>

namespace minikvm {
namespace {

// The vendor's applications ask once a second as well (docs/hardware.md 0.1, rule 6).
constexpr std::chrono::seconds kStep{1};

}  // namespace

/// Main's side: what it knows, and whom it tells. Thread: main.
struct RegisterThread::Receiver {
    void take(const RegisterSnapshot& news, unsigned attachment) {
        if (attachment == generation && news != snapshot) {
            snapshot = news;
            on_snapshot(snapshot);
        }
    }

    SnapshotCallback on_snapshot;
    RegisterSnapshot snapshot;
    unsigned generation = 0;  // counts attachments: news of an earlier one are stale
};

/// The thread's side. Thread: the registers', but for what makes and stops it.
class RegisterThread::Worker {
public:
    static Result<std::unique_ptr<Worker>> create(EventLoop& main, OpenReports open,
                                                  std::weak_ptr<Receiver> receiver) {
        std::unique_ptr<Worker> worker(
            new Worker(main, std::move(open), MINIKVM_TRY(EventLoop::create())));
        worker->receiver_ = std::move(receiver);
        worker->timer_ =
            MINIKVM_TRY(worker->loop().timer([self = worker.get()](TimePoint) { self->step(); }));
        return worker;
    }

    EventLoop& loop() { return *loop_; }

    void attach(const std::string& node, CaptureModel model, unsigned generation) {
        generation_ = generation;
        poller_.attach(node, model);
        step();
    }

    void detach(unsigned generation) {
        generation_ = generation;
        poller_.detach();
        timer_.disarm();
    }

    void rest(bool rests) {
        poller_.rest(rests);
        // Whoever looks now is not to wait for a step that was far away; those who come and go all
        // the time bring none nearer.
        if (std::exchange(rests_, rests) && !rests && timer_.armed()) {
            timer_.arm_at(stepped_at_ + kStep);
        }
    }

    void look(const std::function<void()>& done) {
        poller_.look();
        tell();
        main_.post([receiver = receiver_, done] {
            if (!receiver.expired()) {
                done();
            }
        });
    }

    void set_switch(SwitchPosition position, const SwitchCallback& done) {
        const Result<SwitchChange> change = poller_.select(position);
        tell();
        main_.post([receiver = receiver_, done, change] {
            if (!receiver.expired()) {
                done(change);
            }
        });
    }

    void run(const std::function<Result<void>()>& work,
             const std::function<void(const Result<void>&)>& done) {
        main_.post([receiver = receiver_, done, result = work()] {
            if (!receiver.expired()) {
                done(result);
            }
        });
    }

private:
    Worker(EventLoop& main, OpenReports open, std::unique_ptr<EventLoop> loop)
        : main_(main), loop_(std::move(loop)), poller_(std::move(open)) {}

    void step() {
        poller_.step();
        if (rests_ && poller_.snapshot().state == RegisterState::Answering) {
            poller_.step();
        }
        tell();
        stepped_at_ = loop_->now();
        timer_.arm_at(stepped_at_ + (rests_ ? 2 * kStep : kStep));
    }

    void tell() {
        if (told_ == poller_.snapshot() && told_generation_ == generation_) {
            return;
        }
        told_ = poller_.snapshot();
        told_generation_ = generation_;
        main_.post([weak = receiver_, news = told_, attachment = generation_] {
            if (const std::shared_ptr<Receiver> receiver = weak.lock()) {
                receiver->take(news, attachment);
            }
        });
    }

    EventLoop& main_;
    std::weak_ptr<Receiver> receiver_;
    std::unique_ptr<EventLoop> loop_;
    RegisterPoller poller_;
    Timer timer_;
    unsigned generation_ = 0;
    bool rests_ = false;
    TimePoint stepped_at_;
    RegisterSnapshot told_;
    unsigned told_generation_ = 0;
};

Result<std::unique_ptr<RegisterThread>> RegisterThread::create(EventLoop& main, OpenReports open,
                                                               SnapshotCallback on_snapshot) {
    auto receiver = std::make_shared<Receiver>();
    receiver->on_snapshot = std::move(on_snapshot);
    std::unique_ptr<RegisterThread> registers(new RegisterThread(std::move(receiver)));
    registers->worker_ = MINIKVM_TRY(Worker::create(main, std::move(open), registers->receiver_));
    registers->thread_ = std::thread([worker = registers->worker_.get()] {
        // It fails only if its epoll descriptor breaks; what main asks is then never answered.
        static_cast<void>(worker->loop().run());
    });
    return registers;
}

RegisterThread::RegisterThread(std::shared_ptr<Receiver> receiver)
    : receiver_(std::move(receiver)) {
}

RegisterThread::~RegisterThread() {
    receiver_.reset();
    if (thread_.joinable()) {
        worker_->loop().stop();
        thread_.join();
    }
}

void RegisterThread::attach(const std::string& node, CaptureModel model) {
    receiver_->snapshot = RegisterSnapshot();
    receiver_->snapshot.state = RegisterState::Starting;
    const unsigned generation = ++receiver_->generation;
    worker_->loop().post([worker = worker_.get(), node, model, generation] {
        worker->attach(node, model, generation);
    });
}

void RegisterThread::detach() {
    receiver_->snapshot = RegisterSnapshot();
    const unsigned generation = ++receiver_->generation;
    worker_->loop().post([worker = worker_.get(), generation] { worker->detach(generation); });
}

void RegisterThread::rest(bool rests) {
    worker_->loop().post([worker = worker_.get(), rests] { worker->rest(rests); });
}

void RegisterThread::look(std::function<void()> done) {
    worker_->loop().post([worker = worker_.get(), done = std::move(done)] { worker->look(done); });
}

void RegisterThread::set_switch(SwitchPosition position, SwitchCallback done) {
    worker_->loop().post([worker = worker_.get(), position, done = std::move(done)] {
        worker->set_switch(position, done);
    });
}

void RegisterThread::run(std::function<Result<void>()> work,
                         std::function<void(const Result<void>&)> done) {
    worker_->loop().post([worker = worker_.get(), work = std::move(work), done = std::move(done)] {
        worker->run(work, done);
    });
}

const RegisterSnapshot& RegisterThread::snapshot() const {
    return receiver_->snapshot;
}

}  // namespace minikvm
