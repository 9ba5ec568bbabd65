// In this order: what comes later may refine what came before.
import './base.css';
import './icons.css';
import './parts.css';
import './frame.css';
import './notice.css';
import './sell.css';
import './stock.css';
import './history.css';
import './api.css';
import './welcome.css';
